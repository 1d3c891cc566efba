import { fstatSync, readSync } from 'node:fs'
import { type Position, type Segment, segmentsIn, withSegment } from './segments.ts'

/** How much is read at a time, in bytes. */
const BLOCK = 256 * 1024

/** Which lines are looked for, from the newest on; a line is handed over as bytes, a character each. */
export type Wanted = {
  readonly count: number
  /** Which lines count; without it, all. */
  readonly passes?: ((line: string) => boolean) | undefined
  /** A stamp: no line before it. */
  readonly since?: string | undefined
}

/** Where a log in this folder goes on with what is not written yet. */
export function endOfLog(folder: string): Position {
  const last = segmentsIn(folder).at(-1)
  if (!last) return { first: 1, offset: 0 }
  return { first: last.first, offset: withSegment(last, (file) => fstatSync(file).size) ?? 0 }
}

/** Where the newest lines that are wanted begin: read backwards, so it takes as long as they are many. */
export function findStart(folder: string, wanted: Wanted): Position {
  let start = endOfLog(folder)
  let left = wanted.count
  for (const segment of segmentsIn(folder).reverse()) {
    if (segment.first > start.first || left === 0) continue
    const found = withSegment(segment, (file) => {
      const end = segment.first === start.first ? start.offset : fstatSync(file).size
      return searchBack(file, end, { ...wanted, count: left })
    })
    if (!found) break // thrown away meanwhile, and all before it
    start = positionIn(segment, found.offset)
    left -= found.counted
    if (!found.atStart) break
  }
  return start
}

const positionIn = ({ first }: Segment, offset: number): Position => ({ first, offset })

type Found = {
  readonly offset: number
  readonly counted: number
  /** The whole file was read and more may be wanted from before it. */
  readonly atStart: boolean
}

function searchBack(file: number, end: number, { count, passes, since }: Wanted): Found {
  const block = Buffer.allocUnsafe(BLOCK)
  let counted = 0
  let later = '' // the end of a line that begins in an earlier block
  let offset = end
  for (let at = end; at > 0; ) {
    const length = Math.min(BLOCK, at)
    at -= length
    const text = block.toString('latin1', 0, readSync(file, block, 0, length, at)) + later
    // Within the block from line to line, the newest first; what is before its first line end waits.
    let lineEnd = text.endsWith('\n') ? text.length - 1 : text.length
    for (;;) {
      const before = lineEnd > 0 ? text.lastIndexOf('\n', lineEnd - 1) : -1
      if (before < 0 && at > 0) break
      const start = before + 1
      if (since !== undefined && text.slice(start, start + since.length) < since) {
        return { offset, counted, atStart: false }
      }
      if (!passes || passes(text.slice(start, lineEnd))) counted++
      offset = at + start
      if (counted >= count) return { offset, counted, atStart: false }
      if (before < 0) break
      lineEnd = before
    }
    later = text.slice(0, lineEnd + 1)
  }
  return { offset, counted, atStart: true }
}
