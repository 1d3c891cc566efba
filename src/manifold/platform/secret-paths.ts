import type { Edges } from '../edges.ts'

/** Addresses that only who was told them can know, good for a while, and once where they are taken. */
export type SecretPaths<T> = {
  /** The secret part of a new address. */
  issue(what: T): string
  /** What is there, as long as it is; it stays. */
  see(secret: string): T | undefined
  /** What is there, for the last time. */
  take(secret: string): T | undefined
  forget(): void
}

/** No more are good at a time: the oldest makes room. */
const MOST = 10_000

/** `validity` is in milliseconds. */
export function openSecretPaths<T>(
  { secret, wake }: Pick<Edges, 'secret' | 'wake'>,
  validity: number,
): SecretPaths<T> {
  const known = new Map<string, { readonly what: T; readonly keep: () => void }>()
  const take = (made: string): T | undefined => {
    const found = known.get(made)
    found?.keep()
    known.delete(made)
    return found?.what
  }
  return {
    issue(what) {
      const made = secret()
      known.set(made, { what, keep: wake(validity, () => known.delete(made)) })
      if (known.size > MOST) take(known.keys().next().value!)
      return made
    },
    see: (made) => known.get(made)?.what,
    take,
    forget() {
      for (const { keep } of known.values()) keep()
      known.clear()
    },
  }
}
