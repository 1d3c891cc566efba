import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { TarEntry } from '../../core/slug/tar-block.ts'

/** Who is to own what is unpacked; only root can see to it. */
export type Owner = Readonly<{ uid: number; gid: number }>

/** A checked entry, or bytes of the content of the one before. */
export type TreePiece = TarEntry | Uint8Array

/** Where checked entries go. After `write` or `finish` failed, or `abandon`, nothing more is written. */
export type TreeSink = Readonly<{
  write: (pieces: readonly TreePiece[]) => Promise<void>
  finish: () => Promise<void>
  abandon: () => Promise<void>
}>

/**
 * Writes entries below a new folder with calls of our own, where there is no system tar.
 * Trusts its caller that no path leads out, by its words or by a link, and that the folder was empty.
 * (The package `tar` was tried: under a umask it loses modes, and it takes the slash off links to `/app`.)
 */
export function openTreeWriter(into: string, owner: Owner | undefined): TreeSink {
  const folders = new Map<string, number>()
  let open: { readonly descriptor: number; readonly mtime: number } | undefined

  return {
    write: async (pieces) => {
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) writeAll(open!.descriptor, piece)
        else writeEntry(piece)
      }
    },
    finish: async () => {
      closeFile()
      for (const [path, mtime] of folders) utimesSync(path, mtime, mtime)
    },
    abandon: async () => {
      if (open !== undefined) closeSync(open.descriptor)
      open = undefined
    },
  }

  function writeEntry(entry: TarEntry): void {
    closeFile()
    const path = `${into}/${entry.path}`
    makeFolder(dirname(path))
    // An archive that was added to has the newer copy of a file behind the older one.
    if (entry.kind !== 'folder') rmSync(path, { force: true })
    if (entry.kind === 'folder') {
      makeFolder(path)
      chmodSync(path, entry.mode)
      folders.set(path, entry.mtime)
    } else if (entry.kind === 'file') {
      const descriptor = openSync(path, 'wx', 0o600)
      open = { descriptor, mtime: entry.mtime }
      if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid)
      fchmodSync(descriptor, entry.mode)
    } else if (entry.kind === 'symlink') {
      symlinkSync(entry.target, path)
      if (owner !== undefined) lchownSync(path, owner.uid, owner.gid)
    } else linkSync(`${into}/${entry.target}`, path)
  }

  function makeFolder(path: string): void {
    if (path === into || folders.has(path)) return
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o700 })
    chmodSync(path, 0o755)
    if (owner !== undefined) lchownSync(path, owner.uid, owner.gid)
    folders.set(path, Date.now() / 1000)
  }

  function closeFile(): void {
    if (open === undefined) return
    const { descriptor, mtime } = open
    open = undefined
    futimesSync(descriptor, mtime, mtime)
    closeSync(descriptor)
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}
