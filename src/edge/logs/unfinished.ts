import { readFileSync, rmSync } from 'node:fs'
import type { Unfinished } from '../../core/log/log.ts'
import { isDiskFull, writeWhole } from '../write-whole.ts'

// A line is in the log when it is whole. What a dyno has begun to say, such as a prompt, is in a file beside it, so
// that a reader of the log can show it.

const fileIn = (folder: string): string => `${folder}/unfinished.json`

/** Tells readers of the log in this folder what is unfinished now, instead of what was. */
export function tellUnfinished(folder: string, lines: readonly Unfinished[]): void {
  const path = fileIn(folder)
  if (lines.length === 0) {
    rmSync(path, { force: true })
    return
  }
  try {
    writeWhole(path, JSON.stringify(lines), { mode: 0o600 })
  } catch (error) {
    // A prompt that is not shown before it is answered: the disk is full, and that is told otherwise.
    if (!isDiskFull(error)) throw error
  }
}

/** What is unfinished now, as JSON: the same text while nothing changes. */
export function readUnfinished(folder: string): string {
  try {
    return readFileSync(fileIn(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '[]'
    throw error
  }
}
