import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

/** When the log file is set aside for a new one, in bytes; one older file is kept. */
const MAX_FILE = 64 * 1024 * 1024

/** An open log file. */
export type LogFile = {
  /** Adds a line; it is in the kernel's hands when this returns. */
  append(text: string): void
  /** How many lines a full disk has cost since this was last asked. */
  lost(): number
  close(): void
}

/**
 * Opens the log in `folder`, which exists: `log`, and `log.1` for what came before. A line that finds the disk full
 * is lost, and counted: the dynos go on.
 */
export function openLog(folder: string, maxFile: number = MAX_FILE): LogFile {
  const path = `${folder}/log`
  const open = () => openSync(path, 'a', 0o600)
  let file = open()
  let size = fstatSync(file).size
  let lost = 0
  return {
    append(text) {
      const line = Buffer.from(`${text}\n`)
      const written = writeLine(file, line)
      size += written
      if (written === 0) lost += 1
      if (size < maxFile) return
      closeSync(file)
      renameSync(path, `${path}.1`)
      file = open()
      size = 0
    },
    lost() {
      const count = lost
      lost = 0
      return count
    },
    close: () => closeSync(file),
  }
}

function writeLine(file: number, line: Buffer): number {
  try {
    return writeSync(file, line)
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}
