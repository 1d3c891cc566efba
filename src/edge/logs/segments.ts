import { closeSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'

// The log is kept in files that are called by the number of their first line. Whoever reads one that is thrown away
// meanwhile can so tell how many lines it misses.

/** A place in the log of an app: in the segment of this first line, so many bytes on. */
export type Position = { readonly first: number; readonly offset: number }

/** One file of the log, called by the number of its first line. */
export type Segment = { readonly first: number; readonly path: string }

/** Where the log of the app with this state folder is; it is made if it is not there. */
export function logFolder(stateFolder: string): string {
  const folder = `${stateFolder}/logs`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

export function segmentAt(folder: string, first: number): Segment {
  return { first, path: `${folder}/from-${first}.log` }
}

/** All that are there, the oldest first. */
export function segmentsIn(folder: string): Segment[] {
  return readdirSync(folder)
    .map((name) => /^from-(\d+)\.log$/.exec(name)?.[1])
    .filter((first) => first !== undefined)
    .map((first) => segmentAt(folder, Number(first)))
    .sort((a, b) => a.first - b.first)
}

/** How many line ends an open file has before `end`, in bytes. */
export function countLines(file: number, end: number, from = 0): number {
  const block = Buffer.allocUnsafe(1024 * 1024)
  let count = 0
  for (let at = from; at < end; ) {
    const read = readSync(file, block, 0, Math.min(block.length, end - at), at)
    if (read === 0) break
    const text = block.toString('latin1', 0, read)
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count++
    at += read
  }
  return count
}

/** Opens a segment to read; undefined when it is not there any more. */
export function openSegment(segment: Segment): number | undefined {
  try {
    return openSync(segment.path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Does something with an open segment; undefined when it is not there any more. */
export function withSegment<T>(segment: Segment, read: (file: number) => T): T | undefined {
  const file = openSegment(segment)
  if (file === undefined) return undefined
  try {
    return read(file)
  } finally {
    closeSync(file)
  }
}
