import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Problem } from '../core/problem.ts'

/** Gives a file another text, whole or not at all; it keeps its owner and permissions. Throws a Problem when it cannot. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path)
  const beside = `${target}.dyno-${process.pid}`
  try {
    const { mode, uid, gid } = statSync(target)
    const file = openSync(beside, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fchmodSync(file, mode & 0o7777)
      if (process.geteuid?.() === 0) fchownSync(file, uid, gid)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : (code ?? message)
    throw new Problem(
      'app',
      `${path} cannot be written (${why}) and is as it was; make room or give yourself permission.`,
    )
  }
}
