import { closeSync, fstatSync, openSync, readSync, unlink, writeSync } from 'node:fs'
import type { LogLines } from '../../core/log/log.ts'
import { isDiskFull } from '../write-whole.ts'
import { countLines, logFolder, type Segment, segmentAt, segmentsIn, withSegment } from './segments.ts'
import { tellUnfinished } from './unfinished.ts'

/** When a new segment is begun, in bytes, and how many are kept. */
const LIMITS = { segment: 64 * 1024 * 1024, kept: 8 }

/** How much is gathered before it is written at once, in bytes: what two full pipes become. */
const MAX_GATHERED = 256 * 1024

/** An open log. */
export type LogFile = {
  /** Adds lines; they are in the kernel's hands at the end of this turn of the loop. */
  append(lines: LogLines): void
  /** … or when this returns. */
  flush(): void
  /** How many lines a full disk has cost since this was last asked. */
  lost(): number
  close(): void
}

/**
 * Opens the log of the app with this state folder. Lines that find the disk full are lost, and counted: the dynos go
 * on.
 */
export function openLog(stateFolder: string, limits: typeof LIMITS = LIMITS): LogFile {
  const folder = logFolder(stateFolder)
  tellUnfinished(folder, []) // of a manifold that was killed
  let segment = openEnd(segmentsIn(folder).at(-1) ?? segmentAt(folder, 1))
  const gathered = Buffer.allocUnsafe(MAX_GATHERED) // always the same memory: fresh memory costs more than the copy
  let length = 0
  let count = 0
  let lost = 0
  let flushing: NodeJS.Immediate | undefined
  const flush = (): void => {
    if (flushing) clearImmediate(flushing)
    flushing = undefined
    if (length === 0) return
    const [bytes, lines] = [gathered.subarray(0, length), count]
    length = 0
    count = 0
    write(bytes, lines)
  }
  const write = (bytes: Buffer, lines: number): void => {
    lost += writeLines(segment, bytes, lines)
    if (segment.size < limits.segment) return
    const next = segmentAt(folder, segment.first + Math.max(1, linesIn(segment)))
    closeSync(segment.file)
    segment = openEnd(next)
    for (const { path } of segmentsIn(folder).slice(0, -limits.kept)) unlink(path, gone)
  }
  return {
    append(lines) {
      if (length + lines.text.length > MAX_GATHERED) flush()
      if (lines.text.length > MAX_GATHERED) return write(Buffer.from(lines.text, 'latin1'), lines.count)
      length += gathered.write(lines.text, length, 'latin1')
      count += lines.count
      flushing ??= setImmediate(flush)
    },
    flush,
    lost() {
      const before = lost
      lost = 0
      return before
    },
    close() {
      flush()
      tellUnfinished(folder, [])
      closeSync(segment.file)
    },
  }
}

type OpenSegment = Segment & {
  readonly file: number
  /** Its size when it was opened, in bytes; how many lines that is is counted when it must be known. */
  readonly found: number
  size: number
  added: number
  /** Its last line has no end: the disk was full, or a manifold was killed. */
  torn: boolean
}

function openEnd(segment: Segment): OpenSegment {
  const file = openSync(segment.path, 'a', 0o600)
  const { size } = fstatSync(file)
  const torn = size > 0 && withSegment(segment, (read) => lastByte(read, size)) !== 0x0a
  return { ...segment, file, found: size, size, added: 0, torn }
}

function lastByte(file: number, size: number): number | undefined {
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, size - 1)
  return byte[0]
}

// Answers with how many lines are lost.
function writeLines(segment: OpenSegment, lines: Buffer, count: number): number {
  const mended = segment.torn ? 1 : 0
  let rest = segment.torn ? Buffer.concat([Buffer.from('\n'), lines]) : lines
  while (rest.length > 0) {
    const written = writeSome(segment.file, rest)
    if (written === 0) break
    segment.size += written
    segment.torn = rest[written - 1] !== 0x0a
    rest = rest.subarray(written)
  }
  const lost = rest.toString('latin1').split('\n').length - 1
  segment.added += count + mended - lost
  return Math.min(lost, count)
}

function writeSome(file: number, bytes: Buffer): number {
  try {
    return writeSync(file, bytes)
  } catch (error) {
    if (isDiskFull(error)) return 0
    throw error
  }
}

function linesIn(segment: OpenSegment): number {
  return segment.added + (withSegment(segment, (file) => countLines(file, segment.found)) ?? 0)
}

function gone(error: NodeJS.ErrnoException | null): void {
  if (error && error.code !== 'ENOENT') throw error // it is ours to remove, like everything there
}
