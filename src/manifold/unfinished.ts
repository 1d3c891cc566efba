import type { Edges } from './edges.ts'

/** How long a line stays unfinished before it is shown as it is, in milliseconds. */
const PAUSE = 50

/** The end of one output of a dyno: a line, as far as it came; bytes, a character each. */
export type Tail = {
  /** What the line is now; `isNew` when the one before it was completed. `at` is now. */
  saw(text: string, seen: { readonly at: number; readonly isNew: boolean }): void
}

type Shown = { readonly ps: string; text: string; since: number; shown: string }

/**
 * Tells what dynos have begun to say and not ended, once they pause there: prompts, progress bars. Fast output ends
 * in the middle of a line all the time, and costs no more than a glance here every 50 ms; silence costs nothing.
 */
export function watchUnfinished(edges: Pick<Edges, 'now' | 'wake' | 'tellUnfinished'>): {
  open(ps: string): Tail
} {
  const tails = new Set<Shown>()
  let isWaiting = false
  const look = (): void => {
    isWaiting = false
    const changed = [...tails].filter((tail) => tail.text !== tail.shown)
    const paused = changed.filter(({ since }) => edges.now() - since >= PAUSE)
    for (const tail of paused) tail.shown = tail.text
    if (paused.length > 0) tell()
    if (paused.length < changed.length) wait()
  }
  const wait = (): void => {
    if (!isWaiting) edges.wake(PAUSE, look)
    isWaiting = true
  }
  const tell = (): void => {
    const shown = [...tails].filter((tail) => tail.shown !== '').sort((a, b) => a.since - b.since)
    edges.tellUnfinished(
      shown.map(({ ps, since: at, shown: bytes }) => ({
        at,
        ps,
        message: Buffer.from(bytes, 'latin1').toString(),
      })),
    )
  }
  return {
    open(ps) {
      const tail: Shown = { ps, text: '', since: 0, shown: '' }
      return {
        saw(text, { at, isNew }) {
          if (isNew || tail.text === '') tail.since = at
          tail.text = text
          if (text === '') tails.delete(tail)
          else tails.add(tail)
          if (isNew && tail.shown !== '') {
            tail.shown = ''
            tell()
          }
          if (text !== '') wait()
        },
      }
    },
  }
}
