import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** How a file is written. */
export type Writing = {
  /** Its permissions, whatever the umask; without them what the umask leaves of 0666. */
  readonly mode?: number
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined
  /** Its bytes are on the disk before it is there, whatever ends the machine. */
  readonly lasts?: boolean
}

/**
 * Writes a file whole or not at all: where it throws, what was there is as it was, and nothing is left beside it. Of
 * several processes that do so at once the last counts.
 */
export function writeWhole(
  path: string,
  bytes: string | Uint8Array,
  { mode, owner, lasts = false }: Writing = {},
): void {
  const beside = `${dirname(path)}/${temporaryName()}`
  const file = openSync(beside, 'wx', mode === undefined ? 0o666 : 0o600)
  try {
    try {
      writeFileSync(file, bytes)
      if (mode !== undefined) fchmodSync(file, mode)
      if (owner !== undefined) fchownSync(file, owner.uid, owner.gid)
      if (lasts) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** A name for what is not finished yet. It says whose it is, so that it can be swept when that process is gone. */
export function temporaryName(): string {
  return `.${Math.random().toString(36).slice(2)}.${process.pid}.tmp`
}

/** Removes what processes that are gone left unfinished in a folder, which need not be there. */
export function sweepUnfinished(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = /^\.[0-9a-z]+\.(\d+)\.tmp(\.app)?$/.exec(name)?.[1]
    // A number that was given to a new process keeps its leftovers until a later sweep.
    if (pid && !isAlive(Number(pid))) rmSync(`${folder}/${name}`, { recursive: true, force: true })
  }
}

/** Whether something could not be written because the disk is full, or what its user may have of it. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')
}

/** Why something could not be written, to stand within a sentence. */
export function whyUnwritten(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return isDiskFull(error) ? 'the disk is full' : (code ?? message)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
