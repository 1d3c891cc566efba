import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Unfinished } from '../../core/log/log.ts'
import { endOfLog } from './find-line.ts'
import { openCursor } from './log-cursor.ts'
import type { Position } from './segments.ts'
import { readUnfinished } from './unfinished.ts'
import { watchFolder } from './watch-folder.ts'

/** A last line that has no end after so many milliseconds has none: a manifold was killed in the middle of it. */
const WRITING = 20

/** Who reads the log. */
export type LogReader = {
  /** Whole lines, line ends included. Reading goes on when this resolves; until then the bytes are the reader's. */
  lines(bytes: Uint8Array): Promise<void> | void
  /** It was so slow that so many lines were thrown away before it read them; since when, in milliseconds since 1970. */
  missed(count: number, since: number): Promise<void> | void
  /**
   * It wants no more than so many of the newest bytes and can do without the rest, which is told as missed; it is given
   * something every so many milliseconds at most.
   */
  readonly newest?: { readonly bytes: number; readonly every: number }
  /** What dynos have begun to say and not ended; told after the lines that came before it. */
  unfinished?(lines: readonly Unfinished[]): void
}

/**
 * Reads the log in `folder` from a place on, and each new line as it comes. The log is read from its files and not
 * from who writes it: a reader that is slow or stopped slows nobody. When the signal is given it reads what was
 * there at that moment, and resolves.
 */
export async function followLog(
  folder: string,
  from: Position,
  { reader, signal }: { readonly reader: LogReader; readonly signal: AbortSignal },
): Promise<void> {
  const folderWatch = watchFolder(folder, signal)
  const cursor = openCursor(folder, from)
  let until = signal.aborted ? endOfLog(folder) : undefined
  let readAt = Date.now()
  let told = '[]'
  const { newest } = reader
  const read = async (): Promise<boolean> => {
    if (newest) cursor.skim(newest.bytes)
    const bytes = cursor.next() ?? (folderWatch.hasOthers() || until ? beyond() : undefined)
    const missed = cursor.missed()
    if (missed > 0) await reader.missed(missed, readAt)
    if (!bytes) return false
    await reader.lines(bytes)
    readAt = Date.now()
    await (newest ? sleep(newest.every) : nextTurn()) // signals and the abort come in between
    return true
  }
  // What is beyond the end of a segment, and beside it, is looked for only when files came or went.
  const beyond = (): Uint8Array | undefined => {
    tellUnfinished()
    return cursor.nextSegment()
  }
  const tellUnfinished = (): void => {
    const text = reader.unfinished ? readUnfinished(folder) : told
    if (text !== told) reader.unfinished?.(JSON.parse(text) as Unfinished[])
    told = text
  }
  try {
    for (;;) {
      if (signal.aborted) until ??= endOfLog(folder)
      if (until && isThere(cursor.position(), until)) return
      if (await read()) continue
      if (until) {
        await sleep(WRITING)
        if (await read()) continue
        const rest = cursor.rest()
        if (rest) await reader.lines(Buffer.concat([rest, Buffer.from('\n')]))
        return
      }
      await folderWatch.changed()
    }
  } finally {
    cursor.close()
    folderWatch.close()
  }
}

function isThere(here: Position, until: Position): boolean {
  return here.first > until.first || (here.first === until.first && here.offset >= until.offset)
}
