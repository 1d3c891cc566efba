import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { isSlugName } from '../../core/slug/slug-name.ts'
import { linkTarget } from '../../core/slug/slug-tree.ts'
import { noteFile, writeNote } from './recall-slug.ts'
import { type AppScan, looksSame, type ScannedEntry } from './scan-app.ts'
import type { Owner } from './write-tree.ts'

/** An app folder as it was when all of it was packed: entries as they looked, and the slug they made. */
export type Base = { readonly sha256: string; readonly entries: readonly ScannedEntry[] }

/** So many entries may differ from the base; with more the whole is packed anew and is the next base. */
const MOST = 1000

/** Files that changed are read whole: no more than this, in bytes. */
const LARGEST = 64 * 1024 * 1024

/** The base of a folder; undefined where none is kept. */
export function readBase(known: string, folder: string): Base | undefined {
  try {
    const { path, sha256, entries } = JSON.parse(readFileSync(baseFile(known, folder), 'utf8'))
    return path === folder && isSlugName(sha256) && Array.isArray(entries) ? { sha256, entries } : undefined
  } catch {
    return undefined // none yet, or half of one: the whole is packed
  }
}

/** Keeps it for the next change. */
export function keepBase(known: string, { folder, entries }: AppScan, sha256: string): void {
  writeNote(baseFile(known, folder), { path: folder, sha256, entries })
}

/** What has become of a base: the name of that slug, and what is other than in the base. */
export type Patch = {
  readonly sha256: string
  /** By path; of a file the content. */
  readonly changed: ReadonlyMap<string, Buffer | null>
}

/**
 * Compares a folder with its base, whose tree is at `tree`, and reads no file that looks as it did. Undefined where too
 * much has changed. The name is made of the base's and of what is other: back to the base it is the base's again.
 */
export function comparePatch(base: Base, tree: string, { folder, entries }: AppScan): Patch | undefined {
  const before = new Map(base.entries.map((entry) => [entry.path, entry]))
  const now = new Set(entries.map(({ path }) => path))
  const gone = base.entries.filter(({ path }) => !now.has(path)).map(({ path }) => path)
  const others = entries.filter((entry) => !looksSame(before.get(entry.path), entry))
  const bytes = others.reduce((sum, { size }) => sum + size, 0)
  if (others.length + gone.length > MOST || bytes > LARGEST) return undefined
  const changed = new Map<string, Buffer | null>()
  const hash = createHash('sha256').update(JSON.stringify([base.sha256, gone]))
  for (const { path, kind, mode, target } of others) {
    const content = kind === 'file' ? readFileSync(`${folder}/${path}`) : null
    const was = before.get(path)
    const isSame = was?.kind === kind && was.mode === mode && was.target === target
    if (isSame && (content === null || content.equals(readFileSync(`${tree}/${path}`)))) continue
    changed.set(path, content)
    hash.update(JSON.stringify([path, kind, mode, target, content?.length])).update(content ?? '')
  }
  const isBase = changed.size === 0 && gone.length === 0
  return { sha256: isBase ? base.sha256 : hash.digest('hex'), changed }
}

/** Makes the tree of a patch at `into`, where nothing is: what is as in the base shares its files. */
export function patchTree(
  { changed }: Patch,
  tree: string,
  { scan, into, owner }: { readonly scan: AppScan; readonly into: string; readonly owner: Owner | undefined },
): void {
  const folders: ScannedEntry[] = []
  const make = (path: string, mode: number): void => {
    mkdirSync(path)
    chmodSync(path, mode | 0o700)
    if (owner) chownSync(path, owner.uid, owner.gid)
  }
  make(into, 0o755)
  for (const entry of scan.entries) {
    const { path, kind, mode, target, mtimeMs } = entry
    const at = `${into}/${path}`
    if (kind === 'folder') {
      make(at, mode)
      folders.push(entry)
    } else if (kind === 'symlink') {
      symlinkSync(linkTarget(path, target), at)
      if (owner) lchownSync(at, owner.uid, owner.gid)
    } else if (changed.has(path)) {
      writeFileSync(at, changed.get(path)!, { flag: 'wx' })
      if (owner) chownSync(at, owner.uid, owner.gid)
      chmodSync(at, mode | 0o400)
      setTime(at, mtimeMs)
    } else linkSync(`${tree}/${path}`, at)
  }
  for (const { path, mtimeMs } of folders) setTime(`${into}/${path}`, mtimeMs)
}

// To the second, as an archive has it.
function setTime(path: string, milliseconds: number): void {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  utimesSync(path, seconds, seconds)
}

function baseFile(known: string, folder: string): string {
  return noteFile(known, folder).replace(/\.json$/, '.base')
}
