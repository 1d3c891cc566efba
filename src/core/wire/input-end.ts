import { joinBytes } from './join-bytes.ts'

// Heroku's CLI says that its input has ended with one byte more, which may come together with the last of the data.

/** What a terminal would take for the end of input: ^D. */
const END = 0x04

/** Tells the end of input from a byte of the data that looks the same. */
export type InputEnd = {
  /** The data in what has come now: a last ^D is kept back. */
  pass(chunk: Uint8Array): Uint8Array
  /** Whether a ^D is kept back: when nothing follows it, it was the end. */
  isPossible(): boolean
}

export function watchInputEnd(): InputEnd {
  let kept = false
  return {
    pass(chunk) {
      if (chunk.length === 0) return chunk
      const before = kept
      kept = chunk.at(-1) === END
      const data = kept ? chunk.subarray(0, -1) : chunk
      return before ? joinBytes([Uint8Array.of(END), data]) : data // more has come: it was data after all
    },
    isPossible: () => kept,
  }
}
