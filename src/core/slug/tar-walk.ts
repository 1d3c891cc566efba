import { Problem } from '../problem.ts'
import { BLOCK, paddingAfter } from './tar-block.ts'
import { muddled, type PaxClaim, readClaim, readLongName, readPax, type TarClaim } from './tar-claim.ts'

/** A piece of an archive: an entry, or some bytes of the content of the entry before. */
export type TarPiece = Readonly<{ is: 'entry'; claim: TarClaim } | { is: 'bytes'; bytes: Uint8Array }>

export type TarWalk = Readonly<{
  /** The pieces that end in this chunk; bytes are views into it. Throws a Problem if this is no tar. */
  push: (chunk: Uint8Array) => TarPiece[]
  /** Says that no more bytes come; throws a Problem if some are missing. */
  end: () => void
}>

/**
 * Walks an uncompressed tar in chunks of any size, synchronously: ustar, GNU and pax.
 * Nothing here has to agree with another program's reading: what is extracted is written anew from what was read here.
 */
export function openTarWalk(): TarWalk {
  const held = new Uint8Array(BLOCK)
  let holding = 0
  let content = 0
  let padding = 0
  let meta: { readonly type: string; readonly bytes: Uint8Array } | undefined
  let said: PaxClaim = {}
  let first = true
  let over = false

  return {
    push: (chunk) => {
      const pieces: TarPiece[] = []
      for (let at = 0; at < chunk.length; ) {
        const wanted = over ? chunk.length : content || padding || BLOCK - holding
        const bytes = chunk.subarray(at, at + wanted)
        at += bytes.length
        if (over) takeRest(bytes)
        else if (content > 0) takeContent(bytes, pieces)
        else if (padding > 0) padding -= bytes.length
        else takeHeader(bytes, pieces)
      }
      return pieces
    },
    end: () => {
      if (first && !over) throw noArchive()
      if (!over) throw new Problem('slug', 'The slug is cut short; download it or make the archive again.')
    },
  }

  function takeContent(bytes: Uint8Array, pieces: TarPiece[]): void {
    if (meta === undefined) pieces.push({ is: 'bytes', bytes })
    else meta.bytes.set(bytes, meta.bytes.length - content)
    content -= bytes.length
    if (content > 0 || meta === undefined) return
    said = { ...said, ...readMeta(meta.type, meta.bytes, said) }
    meta = undefined
  }

  function takeHeader(bytes: Uint8Array, pieces: TarPiece[]): void {
    held.set(bytes, holding)
    holding += bytes.length
    if (holding < BLOCK) return
    holding = 0
    if (held.every((byte) => byte === 0)) {
      over = true
      return
    }
    const claim = readClaim(held)
    if (claim === undefined) throw first ? noArchive() : muddled()
    first = false
    if (METAS.has(claim.type)) expectMeta(claim)
    else {
      const whole = { ...claim, ...said }
      if (!Number.isSafeInteger(whole.size) || whole.size < 0) throw muddled()
      said = {}
      content = whole.size
      padding = paddingAfter(content)
      pieces.push({ is: 'entry', claim: whole })
    }
  }

  function expectMeta(claim: TarClaim): void {
    if (claim.size < 1 || claim.size > META_LIMIT) throw muddled()
    meta = { type: claim.type, bytes: new Uint8Array(claim.size) }
    content = claim.size
    padding = paddingAfter(content)
  }
}

/** Bytes of names one entry may bring along. */
const META_LIMIT = 1024 * 1024

/** Headers that speak of the entry after them: pax for one and for all, GNU's long name and long link target. */
const METAS = new Set(['x', 'g', 'L', 'K'])

function readMeta(type: string, bytes: Uint8Array, said: PaxClaim): PaxClaim {
  const claim =
    type === 'L'
      ? { path: readLongName(bytes) }
      : type === 'K'
        ? { target: readLongName(bytes) }
        : readPax(bytes)
  // git archive puts a comment into the global header; anything said of all entries at once makes no sense here.
  if (type === 'g') {
    if (claim.path !== undefined || claim.target !== undefined || claim.size !== undefined) throw muddled()
    return {}
  }
  if (Object.keys(claim).some((key) => key in said)) throw muddled()
  return claim
}

function takeRest(bytes: Uint8Array): void {
  if (bytes.some((byte) => byte !== 0))
    throw new Problem('slug', 'The slug goes on after its end; make the archive again, in one piece.')
}

/** The Problem with a file that is no archive at all. */
export function noArchive(): Problem {
  return new Problem(
    'slug',
    'The slug is not an archive; make it with `tar -czf slug.tgz ./app` or hand over a .tar, .tgz or .tar.zst.',
  )
}
