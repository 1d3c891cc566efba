import { Header, Pax } from 'tar'
import { BLOCK, paddingAfter, type TarEntry } from '../../core/slug/tar-block.ts'

/** Two blocks of zeros: how every tar ends. */
export const TAR_END = new Uint8Array(2 * BLOCK)

/** The header of an entry, owned by 0; names that are too long or not ASCII come in a pax record before it. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const fields = {
    path: entry.kind === 'folder' ? `${entry.path}/` : entry.path,
    linkpath: 'target' in entry ? entry.target : '',
    size: entry.kind === 'file' ? entry.size : 0,
    mode: entry.mode,
    mtime: new Date(entry.mtime * 1000),
    uid: 0,
    gid: 0,
    type: TYPES[entry.kind],
  }
  const block = Buffer.alloc(BLOCK)
  const tooLong = new Header(fields).encode(block)
  if (!tooLong) return block
  const { path, linkpath } = fields
  return Buffer.concat([new Pax(linkpath === '' ? { path } : { path, linkpath }).encode(), block])
}

/** The zeros that fill content of this many bytes up to a whole block. */
export function tarPadding(size: number): Uint8Array {
  return TAR_END.subarray(0, paddingAfter(size))
}

const TYPES: Readonly<Record<TarEntry['kind'], NonNullable<Header['type']>>> = {
  file: 'File',
  folder: 'Directory',
  symlink: 'SymbolicLink',
  hardlink: 'Link',
}
