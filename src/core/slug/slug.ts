import { Problem } from '../problem.ts'
import { quoted } from '../safe-text.ts'
import { BLOCK, checksum, type TarEntry } from './tar-block.ts'
import type { TarClaim } from './tar-claim.ts'

export type SlugLimits = Readonly<{
  /** Bytes that may come out of it. */
  bytes: number
  entries: number
  /** How many times its own size may come out, once `ratioFrom` bytes did. */
  ratio: number
  ratioFrom: number
  /** Bytes of all names and link targets together: those are kept in memory. */
  names: number
  /** Letters of paths that may be looked at to see where entries and links lead; each folder on a way is a path. */
  looks: number
}>

/** What a slug may hold: far more than Heroku's 500 MB, far less than what fills a disk. */
export const SLUG_LIMITS: SlugLimits = {
  bytes: 4 * 1024 ** 3,
  entries: 500_000,
  ratio: 250,
  ratioFrom: 64 * 1024 ** 2,
  names: 128 * 1024 ** 2,
  looks: 1024 ** 3,
}

/** How a slug is packed, told from its first 512 bytes and never from its name; undefined if it is no archive. */
export function slugFormat(start: Uint8Array): 'gzip' | 'zstd' | 'tar' | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd'
  if (start.length < BLOCK) return undefined
  const sum = Number.parseInt(String.fromCharCode(...start.subarray(148, 156)), 8)
  return sum === checksum(start) || start.every((byte) => byte === 0) ? 'tar' : undefined
}

/** The entry as it may be written, or undefined for the archive's own root. Throws a Problem if it must not be. */
export function checkEntry(claim: TarClaim): TarEntry | undefined {
  const path = insidePath(claim.path)
  const named = quotedName(claim.path)
  if (path === undefined)
    throw refusal(`${named}, which lies outside the app; make the archive again from inside the app folder`)
  if (bytesIn(path) > 3000 || path.split('/').some((part) => bytesIn(part) > 255))
    throw refusal(`${named}, a name too long for a file system; shorten it`)
  const kind = kindOf(claim)
  const oddMode = (claim.mode & 0o6000) !== 0 && kind !== 'folder' && kind !== 'symlink'
  if (oddMode) throw refusal(`${named}, which is setuid or setgid; take the bit away with \`chmod ug-s\``)
  if (kind !== 'file' && claim.size > 0)
    throw refusal(`${named}, which is no file and yet has content; make the archive again with GNU tar`)
  if (path === '') {
    if (kind === 'folder') return undefined
    throw refusal(`${named} in place of its top folder; make the archive again from inside the app folder`)
  }
  const common = { path, mtime: Math.min(claim.mtime, 0o77777777777) }
  switch (kind) {
    case 'file':
      // Readable and (folders) writable for their owner: else an ordinary user could neither copy nor remove the tree.
      return { ...common, kind, mode: (claim.mode & 0o777) | 0o400, size: claim.size }
    case 'folder':
      return { ...common, kind, mode: (claim.mode & 0o777) | 0o700 }
    case 'symlink':
      if (claim.target === '' || claim.target.length > 4000)
        throw refusal(`the link ${named} with a target of no use; make the link again`)
      return { ...common, kind, mode: 0o777, target: claim.target }
    case 'hardlink':
      return { ...common, kind, mode: (claim.mode & 0o777) | 0o400, target: hardTarget(claim) }
    default:
      return kind satisfies never
  }
}

/** Throws a Problem if what came out so far (`unpacked` bytes of a file of `packed`) is more than a slug may hold. */
export function checkVolume(unpacked: number, packed: number, limits: SlugLimits): void {
  if (unpacked > limits.bytes)
    throw new Problem(
      'slug',
      `The slug unpacks to more than ${sizeText(limits.bytes)}; leave out what the app does not need.`,
    )
  if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio)
    throw new Problem(
      'slug',
      `The slug unpacks to more than ${limits.ratio} times its size, as only a bomb does; make it again from the app folder.`,
    )
}

/** A name from an archive as a sentence may show it: on one line, in no more than 200 characters. */
export function quotedName(name: string): string {
  return quoted(name, 200, '?')
}

/** The Problem with a slug that holds something. */
export function refusal(what: string): Problem {
  return new Problem('slug', `The slug holds ${what}.`)
}

function insidePath(name: string): string | undefined {
  if (name === '' || name.startsWith('/')) return undefined
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? undefined : parts.join('/')
}

function kindOf(claim: TarClaim): TarEntry['kind'] {
  switch (claim.type) {
    case '0':
    case '7':
      // Old tars have no flag for a folder, only the slash.
      return claim.path.endsWith('/') ? 'folder' : 'file'
    case '1':
      return 'hardlink'
    case '2':
      return 'symlink'
    case '5':
      return 'folder'
    case '3':
    case '4':
      throw refusal(
        `the device ${quotedName(claim.path)}; an app has only files, folders and links, so leave it out`,
      )
    case '6':
      throw refusal(
        `the FIFO ${quotedName(claim.path)}; an app has only files, folders and links, so leave it out`,
      )
    case 'S':
      throw refusal(`the sparse file ${quotedName(claim.path)}; make the archive again without --sparse`)
    default:
      throw refusal(`${quotedName(claim.path)} of a kind unknown here; make the archive again with GNU tar`)
  }
}

function hardTarget(claim: TarClaim): string {
  const target = insidePath(claim.target)
  if (target) return target
  throw refusal(
    `the hard link ${quotedName(claim.path)} to ${quotedName(claim.target)}, which leads out of the app; leave it out or copy the file in`,
  )
}

function bytesIn(text: string): number {
  return text.length > 85 ? new TextEncoder().encode(text).length : text.length
}

function sizeText(bytes: number): string {
  if (bytes % 1024 ** 3 === 0) return `${bytes / 1024 ** 3} GiB`
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2} MiB` : `${bytes} bytes`
}
