import { realpathSync, statSync } from 'node:fs'
import { Problem } from '../core/problem.ts'
import { whyUnwritten, writeWhole } from './write-whole.ts'

/** Gives a file another text, whole or not at all; it keeps its owner and permissions. Throws a Problem when it cannot. */
export function replaceFile(path: string, text: string): void {
  const target = realpathSync(path)
  try {
    const { mode, uid, gid } = statSync(target)
    const owner = process.geteuid?.() === 0 ? { uid, gid } : undefined
    writeWhole(target, text, { mode: mode & 0o7777, owner, lasts: true })
  } catch (error) {
    throw new Problem(
      'app',
      `${path} cannot be written (${whyUnwritten(error)}) and is as it was; make room or give yourself permission.`,
    )
  }
}
