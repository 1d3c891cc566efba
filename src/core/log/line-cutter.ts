import type { LogLines } from './log.ts'

/** Logplex cuts a longer line into pieces of this many bytes. */
const MAX_LINE_BYTES = 10_000

/**
 * Turns chunks of one stream into lines. Chunks and lines are bytes, a character each (latin1): a character of UTF-8
 * that is split between chunks is whole again by itself, and what is no text stays what it is.
 */
export type LineCutter = {
  /** The lines that this chunk completes, each behind the prefix. */
  cut(chunk: string, prefix: string): LogLines
  /** What is left at the end of the stream: one line, or none. */
  rest(prefix: string): LogLines
  /** What has no line end yet, in its last state. */
  tail(): string
}

/**
 * A cutter for one stream. CRLF is one line end; a line that goes back with carriage returns, as a progress bar
 * does, is kept in its last state.
 */
export function cutLines(): LineCutter {
  let tail = '' // at most one line's bytes, and no carriage return
  let returned = false // a carriage return came: what follows overwrites the tail
  let continues = false // the line was too long so far: what comes is the rest of it
  const lines: string[] = []

  // The usual chunk, 10 times as fast as line by line: short lines, and at most CRLF.
  const cutWhole = (chunk: string, prefix: string): LogLines | undefined => {
    if (returned || continues) return undefined
    const text = tail + (chunk.includes('\r') ? chunk.replaceAll('\r\n', '\n') : chunk)
    const end = text.lastIndexOf('\n')
    if (end < 0 || text.includes('\r') || hasLongLine(text)) return undefined
    const inner = text.slice(0, end)
    const stamped = inner.replaceAll('\n', `\n${prefix}`)
    tail = text.slice(end + 1)
    return {
      text: `${prefix}${stamped}\n`,
      count: 1 + (stamped.length - inner.length) / prefix.length,
    }
  }

  const keep = (part: string): void => {
    for (const [i, segment] of part.split('\r').entries()) {
      if (i > 0) returned = true
      if (segment === '') continue
      tail = returned ? segment : tail + segment
      returned = false
      while (tail.length > MAX_LINE_BYTES) {
        const end = characterEnd(tail, MAX_LINE_BYTES)
        lines.push(tail.slice(0, end))
        tail = tail.slice(end)
        continues = true
      }
    }
  }
  const endLine = (): void => {
    if (tail !== '' || !continues) lines.push(tail)
    tail = ''
    returned = false
    continues = false
  }
  const taken = (prefix: string): LogLines => {
    const text = lines.map((line) => `${prefix}${line}\n`).join('')
    return { text, count: lines.splice(0).length }
  }

  return {
    cut(chunk, prefix) {
      const whole = cutWhole(chunk, prefix)
      if (whole) return whole
      const parts = chunk.split('\n')
      for (const [i, part] of parts.entries()) {
        keep(part)
        if (i < parts.length - 1) endLine()
      }
      return taken(prefix)
    },
    rest(prefix) {
      if (tail !== '') endLine()
      return taken(prefix)
    },
    tail: () => tail,
  }
}

// Leaps from newline to newline, as far as a line may be long: a handful of leaps in a chunk of 64 KiB.
function hasLongLine(text: string): boolean {
  for (let start = 0; text.length - start > MAX_LINE_BYTES; ) {
    const end = text.lastIndexOf('\n', start + MAX_LINE_BYTES)
    if (end < start) return true
    start = end + 1
  }
  return false
}

// Steps back from `end` to where a UTF-8 character begins; in bytes that are no characters it stays.
function characterEnd(bytes: string, end: number): number {
  for (let cut = end; cut > end - 4; cut--) if ((bytes.charCodeAt(cut) & 0xc0) !== 0x80) return cut
  return end
}
