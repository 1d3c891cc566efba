import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { isSlugName } from '../../core/slug/slug-name.ts'
import { temporaryName } from '../write-whole.ts'
import { cacheAt, slugFile } from './cache-folder.ts'

/** A slug in the cache: what it takes on the disk, packed and unpacked, in bytes, and when it was unpacked. */
export type KeptSlug = {
  readonly sha256: string
  readonly bytes: number
  /** In milliseconds since 1970. */
  readonly since: number
}

/** All slugs that are unpacked in the cache, the newest first. */
export function keptSlugs(cacheFolder: string): KeptSlug[] {
  const cache = cacheAt(cacheFolder)
  const { trees } = cache
  return namesIn(trees)
    .filter((name) => isSlugName(name))
    .map((sha256) => ({
      sha256,
      bytes: bytesBelow(`${trees}/${sha256}`) + sizeOf(slugFile(cache, sha256)),
      since: lstatSync(`${trees}/${sha256}`).ctimeMs,
    }))
    .sort((a, b) => b.since - a.since)
}

/** Slugs that must stay: those that folders and files were last, and those that dynos run on just now. */
export function slugsInUse(cacheFolder: string): ReadonlySet<string> {
  const { known } = cacheAt(cacheFolder)
  const notes = namesIn(known).map((name) => textOf(`${known}/${name}`))
  const processes = namesIn('/proc').filter((name) => /^\d+$/.test(name))
  const mounts = processes.map((pid) => textOf(`/proc/${pid}/mountinfo`))
  const named = [...notes, ...mounts].flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? [])
  return new Set(named)
}

/** Removes a slug from the cache, whole or not at all. */
export function pruneSlug(cacheFolder: string, sha256: string): void {
  const cache = cacheAt(cacheFolder)
  const { trees } = cache
  const doomed = `${trees}/${temporaryName()}` // what is swept if we do not come to an end
  renameSync(`${trees}/${sha256}`, doomed)
  rmSync(slugFile(cache, sha256), { force: true })
  rmSync(doomed, { recursive: true })
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = `${folder}/${entry.name}`
    return sum + sizeOf(path) + (entry.isDirectory() ? bytesBelow(path) : 0)
  }, 0)
}

// What the disk gives for it, not what it says it holds; a file that several slugs share is a part of each.
function sizeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  return (stats.blocks * 512) / (stats.isDirectory() ? 1 : stats.nlink)
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone meanwhile, or nobody's business
  }
}
