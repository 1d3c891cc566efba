import { joinBytes } from './join-bytes.ts'

// Heroku's CLI learns a command's exit status from a line that it has the shell print after it, and knows that line
// only when all of it comes in one piece. What a program prints comes in pieces of any size.

/** U+FFFF in UTF-8, and what follows it; then come the digits of the status and the end of the line. */
const START = new TextEncoder().encode('\uffff heroku-command-exit-status: ')
/** A shell's status has three. */
const MAX_DIGITS = 3
/** … with the carriage return of a terminal. */
const MAX_UNFINISHED = START.length + MAX_DIGITS + 1

const [FIRST, CR] = [START[0]!, 0x0d]
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Whether these bytes end in a whole marker line: Heroku's CLI leaves as soon as it has read that. */
export function endsInMarker(bytes: Uint8Array): boolean {
  const tail = new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - MAX_UNFINISHED - 1)))
  return /\uffff heroku-command-exit-status: \d{1,3}\r?\n$/.test(tail)
}

/** How many bytes at the end may be the beginning of a marker line of which the rest is missing; mostly 0. */
export function unfinishedMarker(bytes: Uint8Array): number {
  for (let at = Math.max(0, bytes.length - MAX_UNFINISHED); at < bytes.length; at++) {
    if (bytes[at] === FIRST && isUnfinished(bytes, at)) return bytes.length - at
  }
  return 0
}

function isUnfinished(bytes: Uint8Array, from: number): boolean {
  let at = from
  for (let i = 0; i < START.length && at < bytes.length; i++) if (bytes[at++] !== START[i]) return false
  if (at === bytes.length) return true
  const digits = at
  while (at < digits + MAX_DIGITS && isDigit(bytes[at])) at++
  if (at > digits && bytes[at] === CR) at++
  return at === bytes.length
}

/** Holds back the end of a stream of output for as long as it may be half a marker line. */
export type MarkerHold = {
  /** What may go on, marker lines whole. */
  pass(chunk: Uint8Array): Uint8Array
  /** Whether something is held back: a few bytes at most. */
  isHolding(): boolean
  /** What was held back, when no more is waited for. */
  rest(): Uint8Array
}

export function holdMarker(): MarkerHold {
  let held: Uint8Array = new Uint8Array(0)
  return {
    pass(chunk) {
      if (chunk.length === 0) return chunk
      const bytes = held.length > 0 ? joinBytes([held, chunk]) : chunk
      const end = bytes.length - unfinishedMarker(bytes)
      held = bytes.slice(end) // a copy, so that it does not keep all of the chunk
      return bytes.subarray(0, end)
    },
    isHolding: () => held.length > 0,
    rest() {
      const rest = held
      held = new Uint8Array(0)
      return rest
    },
  }
}
