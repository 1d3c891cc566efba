import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from '../../core/fingerprint.ts'
import { Problem } from '../../core/problem.ts'
import { parseSlugignore } from '../../core/slug/slugignore.ts'

/** One entry of an app folder: `path` relative with `/`, `mode` at most 0777, `size` in bytes, `target` of a symlink or ''. */
export type ScannedEntry = Readonly<{
  path: string
  kind: 'file' | 'folder' | 'symlink'
  mode: number
  size: number
  mtimeMs: number
  /** Never packed: an editor that saves by renaming gives a new one. */
  ino: number
  target: string
}>

/** An app folder at one moment: entries sorted by path, and a hash of all that changes when a file does. */
export type AppScan = Readonly<{
  folder: string
  entries: readonly ScannedEntry[]
  fingerprint: string
}>

/**
 * Walks an app folder without reading a file: `.git`, the app's own `.env`, what `.slugignore` names, and sockets,
 * FIFOs and devices are left out; of a filesystem that a dyno leaves (`whole`) only the latter. Throws a Problem 'app'
 * if something cannot be read or vanishes meanwhile.
 */
export function scanApp(folder: string, { whole = false }: { readonly whole?: boolean } = {}): AppScan {
  const ignored = whole ? () => false : parseSlugignore(readSlugignore(folder))
  const found: ScannedEntry[] = []
  const waiting = ['']
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const name of namesIn(folder, at)) {
      const path = at === '' ? name : `${at}/${name}`
      if (name === '.git' && !whole) continue
      const entry = look(folder, path)
      if (entry === undefined || ignored(path, entry.kind === 'folder')) continue
      // The config vars come from it, and it holds secrets; a folder of that name is a virtualenv.
      if (path === '.env' && entry.kind !== 'folder' && !whole) continue
      found.push(entry)
      if (entry.kind === 'folder') waiting.push(path)
    }
  }
  found.sort((one, other) => (one.path < other.path ? -1 : 1))
  return { folder, entries: found, fingerprint: fingerprintOf(found) }
}

/** Whether an entry looks as it did; a folder's time changes with what is in it, which is compared by itself. */
export function looksSame(was: ScannedEntry | undefined, is: ScannedEntry): boolean {
  if (was?.path !== is.path || was.kind !== is.kind || was.mode !== is.mode || was.target !== is.target)
    return false
  return is.kind !== 'file' || (was.size === is.size && was.mtimeMs === is.mtimeMs && was.ino === is.ino)
}

/** The scan with these files as they look now; undefined where one of them is no file that was there before. */
export function scanAgain({ folder, entries }: AppScan, saved: readonly string[]): AppScan | undefined {
  const looks = new Map(saved.map((path) => [path, look(folder, path)]))
  const isSaved = ({ path, kind }: ScannedEntry) => kind === 'file' && looks.get(path)?.kind === 'file'
  if (entries.filter(isSaved).length !== looks.size) return undefined
  const now = entries.map((entry) => looks.get(entry.path) ?? entry)
  return { folder, entries: now, fingerprint: fingerprintOf(now) }
}

function readSlugignore(folder: string): string {
  try {
    return readFileSync(join(folder, '.slugignore'), 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return ''
    throw unreadable(join(folder, '.slugignore'), error)
  }
}

function namesIn(folder: string, path: string): string[] {
  try {
    return readdirSync(join(folder, path))
  } catch (error) {
    throw unreadable(join(folder, path), error)
  }
}

function look(folder: string, path: string): ScannedEntry | undefined {
  const absolute = `${folder}/${path}`
  try {
    const stats = lstatSync(absolute)
    // As a double, milliseconds still tell 250 ns apart; asking for bigints takes half as long again.
    const common = { path, mode: stats.mode & 0o777, mtimeMs: stats.mtimeMs, ino: stats.ino }
    if (stats.isFile()) return { ...common, kind: 'file', size: stats.size, target: '' }
    if (stats.isDirectory()) return { ...common, kind: 'folder', size: 0, target: '' }
    if (stats.isSymbolicLink()) return { ...common, kind: 'symlink', size: 0, target: readlinkSync(absolute) }
    return undefined
  } catch (error) {
    throw unreadable(absolute, error)
  }
}

function fingerprintOf(entries: readonly ScannedEntry[]): string {
  return fingerprint(entries.map((entry) => Object.values(entry).join('\0')))
}

function unreadable(path: string, error: unknown): Problem {
  if (isCode(error, 'ENOENT') && path.includes('\ufffd'))
    return new Problem('app', `The name '${path}' is not UTF-8; rename the file or name it in .slugignore.`)
  if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR'))
    return new Problem('app', `'${path}' is not there, or vanished while the app was read; try again.`)
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM'))
    return new Problem('app', `'${path}' may not be read; change its permissions or name it in .slugignore.`)
  return new Problem(
    'app',
    `'${path}' cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
