import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'
import { sweepUnfinished, temporaryName } from '../write-whole.ts'
import { type Cache, cacheAt, type PreparedSlug, slugFile, treeOf } from './cache-folder.ts'
import { noteOf, recallSlug, rememberSlug, type SlugSource, slugFileSource } from './recall-slug.ts'
import { type AppScan, scanApp } from './scan-app.ts'

/** What is needed whichever the source; `progress` is told bytes done of all there are in this step. */
export type Preparing = Readonly<{
  cacheFolder: string
  /** Who is to own the files; heeded only if we are root. */
  owner?: Readonly<{ uid: number; gid: number }> | undefined
  progress?: ((step: 'packing' | 'unpacking', done: number, total: number) => void) | undefined
}>

/*
 * Heavy modules are loaded only when there is work for them: for a slug that is known, start-up is what is felt.
 */

/**
 * Has a slug file unpacked, at once if it was before. Throws a Problem 'slug' if it or the cache is no good. Nothing is
 * noted of a file that is temporary: the slug would be in use for ever by one that is gone.
 */
export async function prepareSlugFile(
  order: Preparing & { readonly file: string; readonly isTemporary?: boolean },
): Promise<PreparedSlug> {
  const cache = cacheAt(order.cacheFolder)
  const source = order.isTemporary ? undefined : slugFileSource(order.file)
  const known = source && treeOf(cache, recallSlug(cache.known, source))
  if (known) return known
  const { hashSlug } = await import('./read-slug.ts')
  // A slug that was only copied or touched needs no unpacking.
  const prepared = treeOf(cache, await hashSlug(order.file)) ?? (await unpack(cache, order, false))
  if (source) remember(cache, source, prepared)
  return prepared
}

/**
 * Has an app folder, as it was when it was scanned, packed and unpacked, at once if nothing changed. Throws a Problem
 * 'app' or 'slug'.
 */
export async function prepareAppFolder(
  order: Preparing & { readonly folder: string; readonly scan?: AppScan | undefined },
): Promise<PreparedSlug> {
  const cache = cacheAt(order.cacheFolder)
  const scan = order.scan ?? scanApp(resolve(order.folder))
  const source = { path: scan.folder, stamp: scan.fingerprint }
  const sha256 = recallSlug(cache.known, source)
  const known = treeOf(cache, sha256)
  if (known) return known
  makeFolders(cache)
  const patched = await patch(cache, scan, order.owner)
  if (patched) {
    remember(cache, source, patched)
    return patched
  }
  const packed = sha256 ? slugFile(cache, sha256) : ''
  const file = existsSync(packed) ? packed : await pack(cache, scan, order.progress)
  const prepared = treeOf(cache, shaIn(file)) ?? (await unpack(cache, { ...order, file }, true))
  remember(cache, source, prepared)
  const { keepBase } = await import('./patch-tree.ts')
  keepBase(cache.known, scan, prepared.sha256)
  return prepared
}

/** Whether an app folder would make another slug than this one now; not where it was never packed. */
export function differsFrom(
  { cacheFolder, folder }: { readonly cacheFolder: string; readonly folder: string },
  sha256: string,
): boolean {
  const { folder: path, fingerprint } = scanApp(resolve(folder))
  const note = noteOf(cacheAt(cacheFolder).known, path)
  return note !== undefined && !(note.sha256 === sha256 && note.stamp === fingerprint)
}

/** Removes what processes that are gone left half done. */
export function sweepCache({ cacheFolder }: { readonly cacheFolder: string }): void {
  const { trees, slugs, known } = cacheAt(cacheFolder)
  for (const folder of [trees, slugs, known]) sweepUnfinished(folder)
}

function shaIn(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.tar.zst'.length)
}

async function pack(cache: Cache, scan: AppScan, progress: Preparing['progress']): Promise<string> {
  const { packSlug } = await import('./pack-slug.ts')
  const file = `${cache.slugs}/${temporaryName()}`
  const { sha256 } = await packSlug({
    scan,
    file,
    progress: progress && ((...bytes) => progress('packing', ...bytes)),
  })
  renameSync(file, slugFile(cache, sha256))
  return slugFile(cache, sha256)
}

// The tree of a folder that was packed before and is a little other now. Whatever is in the way of that, packing the
// whole says better.
async function patch(
  cache: Cache,
  scan: AppScan,
  owner: Preparing['owner'],
): Promise<PreparedSlug | undefined> {
  const { comparePatch, patchTree, readBase } = await import('./patch-tree.ts')
  const base = readBase(cache.known, scan.folder)
  const from = treeOf(cache, base?.sha256)
  if (!base || !from) return undefined
  const into = `${cache.trees}/${temporaryName()}`
  try {
    const found = comparePatch(base, from.tree, scan)
    if (!found) return undefined
    const there = treeOf(cache, found.sha256)
    if (there) return there
    patchTree(found, from.tree, { scan, into, owner: process.geteuid?.() === 0 ? owner : undefined })
    return settle(cache, into, found.sha256)
  } catch {
    rmSync(into, { recursive: true, force: true })
    return undefined
  }
}

async function unpack(
  cache: Cache,
  { file, owner, progress }: Preparing & { readonly file: string },
  trustLinks: boolean,
): Promise<PreparedSlug> {
  const { unpackSlug } = await import('./unpack-slug.ts')
  makeFolders(cache)
  const into = `${cache.trees}/${temporaryName()}`
  const sha256 = await unpackSlug({
    file,
    into,
    owner,
    trustLinks,
    progress: progress && ((...bytes) => progress('unpacking', ...bytes)),
  })
  return settle(cache, into, sha256)
}

function settle(cache: Cache, into: string, sha256: string): PreparedSlug {
  const tree = `${cache.trees}/${sha256}`
  try {
    renameSync(into, tree)
  } catch (error) {
    rmSync(into, { recursive: true, force: true })
    // Another process was faster; its tree is the same.
    if (!existsSync(tree)) throw error
  }
  return { sha256, tree }
}

function remember(cache: Cache, source: SlugSource, { sha256 }: PreparedSlug): void {
  rememberSlug(cache.known, source, sha256)
}

function makeFolders({ at, trees, slugs, known }: Cache): void {
  try {
    mkdirSync(at, { recursive: true, mode: 0o700 })
    for (const folder of [trees, slugs, known]) {
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
    }
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error
    throw new Problem(
      'slug',
      `The cache folder '${at}' cannot be written (${why}); make it writable or choose another.`,
    )
  }
}
