import { readFileSync } from 'node:fs'
import { Problem } from '../core/problem.ts'

/** A text file of the app's, or undefined where there is none; throws a Problem when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    if (code === 'EISDIR') throw new Problem('app', `${path} is a folder; it must be a file.`)
    if (code === 'EACCES')
      throw new Problem('app', `${path} cannot be read; give yourself permission to read it.`)
    throw new Problem('app', `${path} cannot be read: ${message}.`)
  }
}
