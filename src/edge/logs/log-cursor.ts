import { closeSync, fstatSync, readSync } from 'node:fs'
import { countLines, openSegment, type Position, type Segment, segmentsIn } from './segments.ts'

/** How much is read at a time, in bytes: many times the longest line. */
const BLOCK = 256 * 1024

/** Goes through the log from a place on, from segment to segment. */
export type LogCursor = {
  /** The next whole lines of this segment, good until the next call; undefined where there are none yet. */
  next(): Uint8Array | undefined
  /** … and of those that follow it. */
  nextSegment(): Uint8Array | undefined
  /** What the log ends in when its last line has no end; undefined when it has. */
  rest(): Uint8Array | undefined
  position(): Position
  /** Leaves out what comes before the last so many bytes of this segment, when that is as much again: it is missed. */
  skim(bytes: number): void
  /** How many lines were thrown away before they were read, since this was last asked. */
  missed(): number
  close(): void
}

export function openCursor(folder: string, from: Position): LogCursor {
  const block = Buffer.allocUnsafe(BLOCK)
  let { first, offset } = from
  let file: number | undefined
  let missed = 0

  const open = (segment: Segment): void => {
    file = openSegment(segment)
    if (file !== undefined) first = segment.first
  }
  const read = (): Uint8Array | undefined => {
    if (file === undefined) return undefined
    const length = readSync(file, block, 0, BLOCK, offset)
    const end = block.lastIndexOf(0x0a, length - 1) + 1
    // A whole block without a line end is no log of ours; it is passed on as it is.
    const taken = length > 0 && end > 0 ? end : length === BLOCK ? length : 0
    if (taken === 0) return undefined
    offset += taken
    return block.subarray(0, taken)
  }
  // Nothing is added to a segment once there is a next one.
  const advance = (): boolean => {
    const segments = segmentsIn(folder)
    if (file === undefined) {
      const here = segments.find((segment) => segment.first >= first)
      if (!here) return false
      if (here.first > first) {
        missed += here.first - first
        offset = 0
      }
      open(here)
      return file !== undefined
    }
    const next = segments.find((segment) => segment.first > first)
    return next !== undefined && leave(file, next, segments)
  }
  const leave = (left: number, next: Segment, segments: readonly Segment[]): boolean => {
    if (hasMore(left)) return true // it was written between our reading and our looking
    const isKept = segments.some((segment) => segment.first === first)
    // While ours is there, the next one is the one that follows it. Otherwise our lines are counted to know.
    const expected = isKept ? next.first : first + countLines(left, offset)
    closeSync(left)
    file = undefined
    first = expected
    offset = 0
    return true
  }
  const hasMore = (opened: number): boolean => {
    const length = readSync(opened, block, 0, BLOCK, offset)
    return length > 0 && block.lastIndexOf(0x0a, length - 1) >= 0
  }

  return {
    next: read,
    nextSegment() {
      for (;;) {
        const lines = read()
        if (lines) return lines
        if (!advance()) return undefined
      }
    },
    rest() {
      const length = file === undefined ? 0 : readSync(file, block, 0, BLOCK, offset)
      return length > 0 ? block.subarray(0, length) : undefined
    },
    position: () => ({ first, offset }),
    skim(bytes) {
      const target = file === undefined ? 0 : fstatSync(file).size - bytes
      if (file === undefined || target - offset < bytes) return
      const end = target - (readSync(file, block, 0, BLOCK, target - BLOCK) - block.lastIndexOf(0x0a) - 1)
      if (end <= offset) return
      missed += countLines(file, end, offset)
      offset = end
    },
    missed() {
      const count = missed
      missed = 0
      return count
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
