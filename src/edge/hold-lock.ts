import type { DatabaseSync } from 'node:sqlite'

// Whoever is forgotten is closed, and gives the lock away.
const held: DatabaseSync[] = []

/** SQLite's word for a file that somebody else has locked. */
const SQLITE_BUSY = 5

/**
 * Takes the lock of this name, or answers false when another process has it. It is held until this process ends,
 * however it ends: it is the kernel's own on a file in `folder`, which stays there. SQLite takes it, as Node does not
 * by itself; a socket in Linux's abstract name space is everybody's to take, of dynos too.
 */
export function holdLock(folder: string, name: string): boolean {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') // a third of a millisecond
  const file = new DatabaseSync(`${folder}/${name}.lock`, { timeout: 0 })
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false
    throw error
  }
  held.push(file)
  return true
}
