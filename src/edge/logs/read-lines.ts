import { readFileSync } from 'node:fs'
import { countLines, type Position, segmentsIn, withSegment } from './segments.ts'

/** The number of the line that begins here; the first line ever written is 1. */
export function lineNumberAt(folder: string, { first, offset }: Position): number {
  const segment = segmentsIn(folder).find((each) => each.first === first)
  return first + ((segment && withSegment(segment, (file) => countLines(file, offset))) ?? 0)
}

/** So many lines from before the line of this number, oldest first; fewer where the rest was thrown away. */
export function linesBefore(folder: string, line: number, count: number): string[] {
  const from = Math.max(1, line - count)
  const segments = segmentsIn(folder)
  return segments.flatMap((segment, i) => {
    const next = segments[i + 1]?.first ?? Number.POSITIVE_INFINITY
    if (next <= from || segment.first >= line) return []
    const bytes = withSegment(segment, (file) => readFileSync(file)) ?? Buffer.alloc(0)
    const start = startOf(bytes, Math.max(0, from - segment.first))
    const end = start + startOf(bytes.subarray(start), line - Math.max(from, segment.first))
    return end === start ? [] : bytes.toString('utf8', start, end - 1).split('\n')
  })
}

// Where the line after so many line ends begins, or the end of the last whole line.
function startOf(bytes: Buffer, lines: number): number {
  let at = 0
  for (let i = 0; i < lines; i++) {
    const end = bytes.indexOf(0x0a, at)
    if (end < 0) break
    at = end + 1
  }
  return at
}
