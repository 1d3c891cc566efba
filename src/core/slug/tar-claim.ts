import { Problem } from '../problem.ts'
import { checksum } from './tar-block.ts'

/** What an archive says of one entry, word for word and not yet believed; `size` in bytes, `mtime` in seconds. */
export type TarClaim = Readonly<{
  path: string
  type: string
  mode: number
  size: number
  mtime: number
  target: string
}>

/** What the extended header before an entry says of it. */
export type PaxClaim = { path?: string; target?: string; size?: number; mtime?: number }

/** Reads one header block; undefined if its checksum is wrong. Throws a Problem for fields that have no one meaning. */
export function readClaim(block: Uint8Array): TarClaim | undefined {
  if (octal(block, 148, 8) !== checksum(block)) return undefined
  // In GNU's own format ('ustar' and two spaces) the place of the prefix holds other things.
  const posix = block[257] === 0x75 && block[262] === 0
  const prefix = posix ? text(field(block, 345, 155)) : ''
  const name = text(field(block, 0, 100))
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156]!),
    mode: number(block, 100, 8),
    size: number(block, 124, 12),
    mtime: Math.max(0, number(block, 136, 12)),
    target: text(field(block, 157, 100)),
  }
}

/** Reads the records of a pax header; throws a Problem if one is malformed or tells of a sparse file. */
export function readPax(bytes: Uint8Array): PaxClaim {
  const claim: PaxClaim = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const digits = space > at && space - at < 10 ? text(bytes.subarray(at, space)) : ''
    const end = at + Number(digits)
    const equals = bytes.indexOf(0x3d, space)
    if (!/^[1-9]\d*$/.test(digits) || end > bytes.length || bytes[end - 1] !== 0x0a) throw muddled()
    if (equals < 0 || equals >= end) throw muddled()
    takePaxRecord(claim, bytes.subarray(space + 1, equals), bytes.subarray(equals + 1, end - 1))
    at = end
  }
  return claim
}

/** The name in a GNU long-name block. */
export function readLongName(bytes: Uint8Array): string {
  return text(field(bytes, 0, bytes.length))
}

/** The Problem with a header that two programs could read in two ways, or not at all. */
export function muddled(): Problem {
  return new Problem(
    'slug',
    'The slug has a header that makes no sense; make the archive again with GNU tar.',
  )
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function takePaxRecord(claim: PaxClaim, keyBytes: Uint8Array, value: Uint8Array): void {
  const key = text(keyBytes)
  if (key.startsWith('GNU.sparse.') || key === 'SCHILY.realsize') throw sparse()
  // An empty value takes the field back; a NUL would end the name for some programs and not for others.
  if (value.length === 0) return
  if (key === 'path' || key === 'linkpath') {
    if (value.includes(0)) throw muddled()
    claim[key === 'path' ? 'path' : 'target'] = text(value)
  } else if (key === 'size') {
    if (!/^\d{1,15}$/.test(text(value))) throw muddled()
    claim.size = Number(text(value))
  } else if (key === 'mtime') {
    const seconds = Number(text(value))
    if (!Number.isFinite(seconds)) throw muddled()
    claim.mtime = Math.max(0, Math.floor(seconds))
  }
}

/** The Problem with a sparse file: its size on tape and its size on disk differ. */
export function sparse(): Problem {
  return new Problem(
    'slug',
    'The slug holds a sparse file, which is not taken; make the archive again without --sparse.',
  )
}

function field(block: Uint8Array, at: number, width: number): Uint8Array {
  const bytes = block.subarray(at, at + width)
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    const readable = new TextDecoder().decode(bytes)
    throw new Problem(
      'slug',
      `The slug holds '${readable}', a name that is not UTF-8; rename it and make the archive again.`,
    )
  }
}

/** A number in octal, or in GNU's base 256 if the first bit is set. */
function number(block: Uint8Array, at: number, width: number): number {
  if ((block[at]! & 0x80) === 0) {
    const value = octal(block, at, width)
    if (value === undefined) throw muddled()
    return value
  }
  if (block[at] === 0xff) return -1
  let value = block[at]! & 0x7f
  for (let next = at + 1; next < at + width; next += 1) value = value * 256 + block[next]!
  return value
}

function octal(block: Uint8Array, at: number, width: number): number | undefined {
  const digits = String.fromCharCode(...field(block, at, width)).trim()
  if (digits === '') return 0
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}
