import type { LogLines } from './log.ts'

/** How many lines are kept at hand, as on Heroku. */
const RING = 1500

/** The newest lines, in the pieces they came in. */
export type LogRing = {
  push(lines: LogLines): void
  /** The last lines, at most so many, oldest first; fewer when fewer are at hand. */
  last(count: number): string[]
}

export function openRing(size: number = RING): LogRing {
  const pieces: LogLines[] = []
  let held = 0
  return {
    push(lines) {
      pieces.push(lines)
      held += lines.count
      while (held - pieces[0]!.count >= size) held -= pieces.shift()!.count
    },
    last(count) {
      const wanted = Math.min(count, size)
      const lines: string[][] = []
      let found = 0
      for (let i = pieces.length - 1; i >= 0 && found < wanted; i--) {
        lines.unshift(linesOf(pieces[i]!))
        found += pieces[i]!.count
      }
      return wanted === 0 ? [] : lines.flat().slice(-wanted)
    },
  }
}

/** The lines one by one, without their line ends; still bytes. */
export function linesOf({ text }: LogLines): string[] {
  return text.slice(0, -1).split('\n')
}
