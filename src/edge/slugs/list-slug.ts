import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { SLUG_LIMITS } from '../../core/slug/slug.ts'
import type { ListedEntry } from '../../core/slug/slug-list.ts'
import { openSlugTree } from '../../core/slug/slug-tree.ts'
import { openTarWalk } from '../../core/slug/tar-walk.ts'
import { readSlug } from './read-slug.ts'
import { scanApp } from './scan-app.ts'

/** What is in a slug. */
export type SlugContents = {
  readonly entries: readonly ListedEntry[]
  /** The Procfile at its top; undefined without one. */
  readonly procfile: string | undefined
}

/** Reads a slug file from end to end without unpacking it; throws a Problem 'slug' when it is no good. */
export async function listSlug(file: string): Promise<SlugContents & { readonly sha256: string }> {
  const walk = openTarWalk()
  const tree = openSlugTree(SLUG_LIMITS, true)
  const entries: ListedEntry[] = []
  const procfiles = new Map<string, Uint8Array[]>()
  let hash: Hash | undefined
  let text: Uint8Array[] | undefined
  const endFile = (): void => {
    const content = hash?.digest('hex')
    if (content !== undefined) entries.push({ ...entries.pop()!, content })
    hash = undefined
  }
  const sha256 = await readSlug({
    file,
    take: async (chunk) => {
      for (const piece of walk.push(chunk)) {
        if (piece.is === 'bytes') {
          hash?.update(piece.bytes)
          text?.push(piece.bytes.slice())
          continue
        }
        endFile()
        const entry = tree.take(piece.claim)
        if (!entry) continue
        const { path, kind, mode } = entry
        const [size, content] = [kind === 'file' ? entry.size : 0, 'target' in entry ? entry.target : '']
        entries.push({ path, kind, mode, size, content })
        hash = kind === 'file' ? createHash('sha256') : undefined
        text = kind === 'file' && /^(app\/)?Procfile$/.test(path) ? [] : undefined
        if (text) procfiles.set(path, text)
      }
    },
  })
  walk.end()
  endFile()
  const { root } = tree.finish()
  const top = root === '' ? '' : `${root}/`
  const procfile = procfiles.get(`${top}Procfile`)
  return {
    sha256,
    entries: entries
      .filter(({ path }) => path !== root)
      .map((entry) => ({ ...entry, path: entry.path.slice(top.length) })),
    procfile: procfile && Buffer.concat(procfile).toString(),
  }
}

/** The same of a folder: an app's as it would be packed, or the `whole` of what a slug or a dyno has become. */
export function listFolder(folder: string, options: { readonly whole?: boolean } = {}): SlugContents {
  const { entries } = scanApp(folder, options)
  const listed = entries.map(({ path, kind, mode, size, target }): ListedEntry => {
    if (kind !== 'file') return { path, kind, mode: kind === 'symlink' ? 0o777 : mode, size, content: target }
    return { path, kind, mode, size, content: hashFile(`${folder}/${path}`) }
  })
  const procfile = listed.some(({ path, kind }) => path === 'Procfile' && kind === 'file')
  return { entries: listed, procfile: procfile ? readFileSync(`${folder}/Procfile`, 'utf8') : undefined }
}

// Piece by piece: Node reads no file of more than 2 GiB at once, and a dyno may leave one.
function hashFile(path: string): string {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, PIECE); read > 0; read = readSync(file, PIECE))
      hash.update(PIECE.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}

const PIECE = Buffer.allocUnsafe(1024 * 1024)
