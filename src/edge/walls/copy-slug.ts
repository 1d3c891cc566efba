import { execa } from 'execa'
import { Problem } from '../../core/problem.ts'

/**
 * Copies an unpacked slug to where nothing is yet, or, as `TREE/.`, into a folder that is there; throws a Problem when
 * it cannot. Both paths are absolute. cp shares the blocks where the file system can (btrfs, xfs, APFS), which makes the
 * copy nearly free.
 */
export async function copySlug(
  tree: string,
  folder: string,
  { ownership = false }: { readonly ownership?: boolean } = {},
): Promise<void> {
  const kept = `mode,timestamps,links${ownership ? ',ownership' : ''}`
  const flags = process.platform === 'darwin' ? ['-cpR'] : ['-R', `--preserve=${kept}`, '--reflink=auto']
  const { failed, stderr, shortMessage } = await execa('cp', [...flags, tree, folder], OPTIONS)
  if (failed) throw refused(folder, (String(stderr).trim() || String(shortMessage)).split('\n')[0]!)
}

// The current folder may be gone, and nothing can be started there.
const OPTIONS = { cwd: '/', reject: false } as const

/** The Problem with a folder that the slug cannot be copied to. */
export function refused(folder: string, reason: string): Problem {
  const sentence = `The slug could not be copied to ${folder}: ${reason}. Make room there and try again.`
  return new Problem('walls', sentence)
}
