/** Bytes in a tar block: a header is one, and content is filled up to whole ones. */
export const BLOCK = 512

/** One entry that was checked: `path` is relative to the archive, mode at most 0777, `mtime` in seconds, `size` in bytes. */
export type TarEntry = {
  readonly path: string
  readonly mode: number
  readonly mtime: number
} & (
  | { readonly kind: 'file'; readonly size: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink' | 'hardlink'; readonly target: string }
)

/** How many bytes of filling follow content of this many bytes. */
export function paddingAfter(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

/** The checksum a header block should carry: the sum of its bytes, its own field read as spaces. */
export function checksum(header: Uint8Array): number {
  let sum = 8 * 0x20
  for (let at = 0; at < 148; at += 1) sum += header[at]!
  for (let at = 156; at < BLOCK; at += 1) sum += header[at]!
  return sum
}
