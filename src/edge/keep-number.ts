import { readFileSync } from 'node:fs'
import { writeWhole } from './write-whole.ts'

/** The number the app's next one-off gets; 1 where none is kept. */
export function keptNumber(folder: string): number {
  try {
    const number = Number(readFileSync(`${folder}/next-one-off`, 'utf8'))
    return Number.isSafeInteger(number) && number > 0 ? number : 1
  } catch {
    return 1 // the first one, or nothing can be read: names start again
  }
}

/**
 * Keeps it, whole or not at all. Where that fails a name may be given again later, which is no reason to end a dyno:
 * the disk may be full, or somebody has removed the folder.
 */
export function keepNumber(folder: string, number: number): void {
  try {
    writeWhole(`${folder}/next-one-off`, String(number))
  } catch {
    // The number is in memory as well, and good for as long as the manifold is.
  }
}
