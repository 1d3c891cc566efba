import { readdirSync, realpathSync } from 'node:fs'
import { execa } from 'execa'
import { Problem } from '../../core/problem.ts'
import { copySlug } from './copy-slug.ts'

/**
 * Copies an unpacked slug to a folder for a dyno that is to run on it and leave there what it has made of it, and
 * answers with its real path. The folder must be empty, or not be there; throws a Problem otherwise.
 */
export async function layOut(tree: string, folder: string): Promise<string> {
  const there = emptyFolder(folder)
  // What is there stays what it is: somebody may work in it, a link lead to it, a disk be mounted on it.
  await copySlug(there === undefined ? tree : `${tree}/.`, there ?? folder, { ownership: true })
  return there ?? realpathSync(folder)
}

/** Gives what a dyno left to us: where we are root it was the dyno's user's. */
export async function takeOver(folder: string): Promise<void> {
  if (process.geteuid?.() === 0) await execa('chown', ['-R', '0:0', folder], { cwd: '/', reject: false })
}

/** The real path of an empty folder; undefined where there is nothing. */
function emptyFolder(folder: string): string | undefined {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new Problem('usage', `${folder} cannot be looked into (${message}); name another folder.`)
  }
  if (names.length === 0) return realpathSync(folder)
  throw new Problem('usage', `${folder} is not empty; name a folder that is, or none yet.`)
}
