import { execa } from 'execa'
import { Problem } from '../../core/problem.ts'

/**
 * Copies an unpacked slug to where nothing is yet; throws a Problem when it cannot. cp shares the blocks where the file
 * system can (btrfs, xfs, APFS), which makes the copy nearly free.
 */
export async function copySlug(
  tree: string,
  folder: string,
  { ownership = false }: { readonly ownership?: boolean } = {},
): Promise<void> {
  const kept = `mode,timestamps,links${ownership ? ',ownership' : ''}`
  const flags = process.platform === 'darwin' ? ['-cpR'] : ['-R', `--preserve=${kept}`, '--reflink=auto']
  const { failed, stderr } = await execa('cp', [...flags, tree, folder], { reject: false })
  if (failed) throw refused(folder, String(stderr).trim().split('\n')[0]!)
}

/** The Problem with a folder that the slug cannot be copied to. */
export function refused(folder: string, reason: string): Problem {
  const sentence = `The slug could not be copied to ${folder}: ${reason}. Make room there and try again.`
  return new Problem('walls', sentence)
}
