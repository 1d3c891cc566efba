import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * What is where below the cache folder: `trees/<sha256>`, unpacked once; `slugs/<sha256>.tar.zst`, packed from app
 * folders; `known/`, notes of what each source was last, and of the base that an app folder was packed as: while it
 * differs little from that its trees share files with the base's. `dyno slugs:prune` removes what nobody needs.
 */
export type Cache = Readonly<{ at: string; trees: string; slugs: string; known: string }>

/** A slug that is unpacked: `tree` is the absolute path of its folder, never to be written to. */
export type PreparedSlug = Readonly<{ sha256: string; tree: string }>

export function cacheAt(cacheFolder: string): Cache {
  const at = resolve(cacheFolder)
  return { at, trees: `${at}/trees`, slugs: `${at}/slugs`, known: `${at}/known` }
}

/** A slug's tree; undefined where it is not unpacked. */
export function treeOf(
  { trees }: Pick<Cache, 'trees'>,
  sha256: string | undefined,
): PreparedSlug | undefined {
  const tree = `${trees}/${sha256}`
  return sha256 && existsSync(tree) ? { sha256, tree } : undefined
}

/** Where a slug that was packed from an app folder is, if it is. */
export function slugFile({ slugs }: Pick<Cache, 'slugs'>, sha256: string): string {
  return `${slugs}/${sha256}.tar.zst`
}
