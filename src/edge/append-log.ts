import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

/** When the log file is set aside for a new one, in bytes; one older file is kept. */
const MAX_FILE = 64 * 1024 * 1024

/** An open log file. */
export type LogFile = {
  /** Adds a line; it is in the kernel's hands when this returns. */
  append(text: string): void
  close(): void
}

/** Opens the log in `folder`, which exists: `log`, and `log.1` for what came before. */
export function openLog(folder: string): LogFile {
  const path = `${folder}/log`
  const open = () => openSync(path, 'a', 0o600)
  let file = open()
  let size = fstatSync(file).size
  return {
    append(text) {
      const line = Buffer.from(`${text}\n`)
      size += writeSync(file, line)
      if (size < MAX_FILE) return
      closeSync(file)
      renameSync(path, `${path}.1`)
      file = open()
      size = 0
    },
    close: () => closeSync(file),
  }
}
