import { existsSync, readdirSync, rmSync } from 'node:fs'
import { execa } from 'execa'
import { Problem } from '../../core/problem.ts'
import { copySlug } from './copy-slug.ts'

/**
 * Copies an unpacked slug to a folder for a dyno that is to run on it and leave there what it has made of it. The
 * folder must be empty, or not be there; throws a Problem otherwise.
 */
export async function layOut(tree: string, folder: string): Promise<void> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Problem('usage', `${folder} is not empty; name a folder that is, or none yet.`)
  }
  rmSync(folder, { recursive: true, force: true })
  await copySlug(tree, folder, { ownership: true })
}

/** Gives what a dyno left to us: where we are root it was the dyno's user's. */
export async function takeOver(folder: string): Promise<void> {
  if (process.geteuid?.() === 0) await execa('chown', ['-R', '0:0', folder], { reject: false })
}
