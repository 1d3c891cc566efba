import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

/** When the log file is set aside for a new one, in bytes; one older file is kept. */
const MAX_FILE = 64 * 1024 * 1024

/** An open log file. */
export type LogFile = {
  /** Adds a line; it is in the kernel's hands when this returns. */
  append(text: string): void
  close(): void
}

/**
 * Opens the log in `folder`, which exists: `log`, and `log.1` for what came before. A line that finds the disk full
 * is lost: the dynos go on.
 */
export function openLog(folder: string, maxFile: number = MAX_FILE): LogFile {
  const path = `${folder}/log`
  const open = () => openSync(path, 'a', 0o600)
  let file = open()
  let size = fstatSync(file).size
  return {
    append(text) {
      const line = Buffer.from(`${text}\n`)
      size += writeLine(file, line)
      if (size < maxFile) return
      closeSync(file)
      renameSync(path, `${path}.1`)
      file = open()
      size = 0
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
