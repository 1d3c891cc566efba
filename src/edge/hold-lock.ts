import { rmSync, statSync, writeFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

// Whoever is forgotten is closed, and gives the lock away.
const held: DatabaseSync[] = []

/** SQLite's word for a file that somebody else has locked. */
const SQLITE_BUSY = 5

/**
 * Takes the lock of this name, or answers false when another process has it. It is held until this process ends,
 * however it ends: it is the kernel's own on a file in `folder`, which goes with it unless it is killed. SQLite takes
 * it, as Node does not by itself; a socket in Linux's abstract name space is everybody's to take, of dynos too.
 */
export function holdLock(folder: string, name: string): boolean {
  const path = `${folder}/${name}.lock`
  const inode = madeAt(path)
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') // a third of a millisecond
  const file = new DatabaseSync(path, { timeout: 0 })
  if (!isTaken(file) || inodeOf(path) !== inode) {
    file.close() // where the file is another one by now, whoever had it has ended meanwhile, and others lock that one
    return false
  }
  held.push(file)
  process.once('exit', () => rmSync(path, { force: true }))
  return true
}

// Nothing but SQLite opens a file that is there: to close it would give away a lock of ours on it.
function madeAt(path: string): number | undefined {
  try {
    writeFileSync(path, '', { flag: 'ax', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return inodeOf(path)
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

function isTaken(file: DatabaseSync): boolean {
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false
    file.close()
    throw error
  }
}
