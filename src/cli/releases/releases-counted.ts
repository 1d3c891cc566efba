import { Problem } from '../../core/problem.ts'

/** How many releases a flag names, from 1; so many as is usual without it. */
export function releasesCounted(
  text: string | undefined,
  { flag, usual }: { readonly flag: string; readonly usual: number },
): number {
  if (text === undefined) return usual
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Problem('usage', `${flag} takes a number of releases from 1, not '${text}'.`)
}
