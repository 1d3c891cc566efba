/** Bytes in a tar block: a header is one, and content is filled up to whole ones. */
export const BLOCK = 512

/** Two blocks of zeros: how every tar ends. */
export const TAR_END = new Uint8Array(2 * BLOCK)

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

/**
 * The header of an entry as GNU tar writes it, with owner 0.
 * Names over 100 bytes take GNU's long-name blocks: unlike pax records, every tar there is reads those (BusyBox too).
 */
export function tarHeader(entry: TarEntry): Uint8Array {
  const name = encoder.encode(entry.kind === 'folder' ? `${entry.path}/` : entry.path)
  const target = encoder.encode('target' in entry ? entry.target : '')
  const size = entry.kind === 'file' ? entry.size : 0
  return joined([
    ...(target.length > 100 ? longName('K', target) : []),
    ...(name.length > 100 ? longName('L', name) : []),
    block({ name, target, size, mode: entry.mode, mtime: entry.mtime, type: typeFlag(entry.kind) }),
  ])
}

/** The zeros that fill content of this many bytes up to a whole block. */
export function tarPadding(size: number): Uint8Array {
  return TAR_END.subarray(0, paddingAfter(size))
}

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

const encoder = new TextEncoder()

type Fields = Readonly<{
  name: Uint8Array
  target: Uint8Array
  size: number
  mode: number
  mtime: number
  type: string
}>

function longName(type: 'L' | 'K', name: Uint8Array): Uint8Array[] {
  const size = name.length + 1
  const none = new Uint8Array(0)
  const header = block({
    name: encoder.encode('././@LongLink'),
    target: none,
    size,
    mode: 0o644,
    mtime: 0,
    type,
  })
  return [header, name, new Uint8Array(1 + paddingAfter(size))]
}

function block(fields: Fields): Uint8Array {
  const header = new Uint8Array(BLOCK)
  header.set(fields.name.subarray(0, 100), 0)
  writeOctal(header, 100, 8, fields.mode)
  writeOctal(header, 108, 8, 0)
  writeOctal(header, 116, 8, 0)
  writeOctal(header, 124, 12, fields.size)
  writeOctal(header, 136, 12, fields.mtime)
  header[156] = fields.type.charCodeAt(0)
  header.set(fields.target.subarray(0, 100), 157)
  encoder.encodeInto('ustar  ', header.subarray(257))
  writeOctal(header, 148, 7, checksum(header))
  header[155] = 0x20
  return header
}

function writeOctal(header: Uint8Array, at: number, width: number, value: number): void {
  encoder.encodeInto(value.toString(8).padStart(width - 1, '0'), header.subarray(at, at + width - 1))
}

function typeFlag(kind: TarEntry['kind']): string {
  switch (kind) {
    case 'file':
      return '0'
    case 'hardlink':
      return '1'
    case 'symlink':
      return '2'
    case 'folder':
      return '5'
    default:
      return kind satisfies never
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
