import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Unfinished } from '../../core/log/log.ts'

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
    writeFileSync(`${path}.new`, JSON.stringify(lines), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  } catch (error) {
    // A prompt that is not shown before it is answered: the disk is full, and that is told otherwise.
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
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
