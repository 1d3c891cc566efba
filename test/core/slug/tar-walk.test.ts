import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checksum, type TarEntry } from '../../../src/core/slug/tar-block.ts'
import { openTarWalk } from '../../../src/core/slug/tar-walk.ts'
import { TAR_END, tarHeader, tarPadding } from '../../../src/edge/slugs/tar-header.ts'

const text = (words: string): Uint8Array => new TextEncoder().encode(words)
const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

/** A header of any type with content after it. */
function raw(type: string, path: string, content: Uint8Array): Uint8Array {
  const header = tarHeader({ kind: 'file', path, mode: 0o644, mtime: 7, size: content.length })
  header[156] = type.charCodeAt(0)
  return join(signed(header), content, tarPadding(content.length))
}

function signed(header: Uint8Array): Uint8Array {
  header.set(text(checksum(header).toString(8).padStart(6, '0')), 148)
  return header
}

const pax = (key: string, value: string): Uint8Array => {
  const rest = ` ${key}=${value}\n`
  const size = text(rest).length + 2
  return text(`${size > 99 ? size + 1 : size}${rest}`)
}

function walked(archive: Uint8Array, step = archive.length): [string, string][] {
  const walk = openTarWalk()
  const found: [string, string][] = []
  for (let at = 0; at < archive.length; at += step) {
    for (const piece of walk.push(archive.slice(at, at + step))) {
      if (piece.is === 'entry') found.push([piece.claim.path, ''])
      else found.at(-1)![1] += new TextDecoder().decode(piece.bytes)
    }
  }
  walk.end()
  return found
}

test('what is written is read again, in chunks of any size', () => {
  const long = `${'deep/'.repeat(60)}ünï`
  const entries: readonly TarEntry[] = [
    { kind: 'file', path: 'short', mode: 0o644, mtime: 1_700_000_000, size: 3 },
    { kind: 'symlink', path: long, mode: 0o777, mtime: 0, target: `${long}/target` },
    { kind: 'folder', path: 'x'.repeat(98), mode: 0o755, mtime: 0 },
  ]
  const archive = join(
    tarHeader(entries[0]!),
    text('abc'),
    tarPadding(3),
    tarHeader(entries[1]!),
    tarHeader(entries[2]!),
    TAR_END,
  )
  for (const step of [1, 7, 512, 513, archive.length])
    assert.deepEqual(walked(archive, step), [
      ['short', 'abc'],
      [long, ''],
      [`${'x'.repeat(98)}/`, ''],
    ])
  const [, link] = openTarWalk().push(archive.subarray(1024))
  assert.ok(link?.is === 'entry')
})

test('a pax header renames and resizes the one entry after it', () => {
  const archive = join(
    raw('x', 'p', pax('path', 'new\nname')),
    raw('0', 'old', text('1')),
    raw('0', 'next', text('2')),
  )
  assert.deepEqual(walked(join(archive, TAR_END)), [
    ['new\nname', '1'],
    ['next', '2'],
  ])
  const sized = tarHeader({ kind: 'file', path: 'big', mode: 0o644, mtime: 0, size: 0 })
  assert.deepEqual(walked(join(raw('x', 'p', pax('size', '2')), sized, text('ab'), tarPadding(2), TAR_END)), [
    ['big', 'ab'],
  ])
})

test('the comment of git archive is passed over', () => {
  assert.deepEqual(walked(join(raw('g', 'g', pax('comment', 'abc')), raw('0', 'a', text('')), TAR_END)), [
    ['a', ''],
  ])
})

const muddled: readonly [string, Uint8Array][] = [
  ['a global header that names a path', raw('g', 'g', pax('path', 'x'))],
  ['a pax record with a wrong length', raw('x', 'x', text('99 path=x\n'))],
  ['a pax record without an equals sign', raw('x', 'x', text('7 abcd\n'))],
  ['a pax path with a NUL in it', raw('x', 'x', pax('path', 'a\0b'))],
  ['a pax size that is no number', raw('x', 'x', pax('size', '-1'))],
  ['two names for one entry', join(raw('x', 'x', pax('path', 'a')), raw('L', 'L', text('b\0')))],
  ['a name block of two megabytes', raw('L', 'L', new Uint8Array(2 * 1024 * 1024))],
  ['an empty name block', raw('L', 'L', text(''))],
  ['a wrong checksum after a good entry', join(raw('0', 'a', text('')), text('x'.repeat(512)))],
]

for (const [what, bytes] of muddled) {
  test(`${what} is refused`, () => {
    assert.throws(() => openTarWalk().push(bytes), {
      message: /has a header that makes no sense; make the archive/,
    })
  })
}

test('a size in base 256 that is beyond counting or below zero is refused', () => {
  for (const first of [0xff, 0x80]) {
    const header = tarHeader({ kind: 'file', path: 'a', mode: 0o644, mtime: 0, size: 0 })
    header.fill(0xff, 124, 136)
    header[124] = first
    assert.throws(() => openTarWalk().push(signed(header)), /makes no sense/)
  }
})

test('sparse files of pax are refused', () => {
  assert.throws(() => openTarWalk().push(raw('x', 'x', pax('GNU.sparse.major', '1'))), /holds a sparse file/)
})

test('a name that is not UTF-8 is refused', () => {
  const header = tarHeader({ kind: 'file', path: 'caf_', mode: 0o644, mtime: 0, size: 0 })
  header[3] = 0xe9
  assert.throws(() => openTarWalk().push(signed(header)), {
    message: /holds 'caf\ufffd', a name that is not UTF-8/,
  })
})

test('an archive that ends early, goes on too long or is none says so', () => {
  const entry = raw('0', 'a', text('abc'))
  assert.throws(() => walked(entry), /is cut short/)
  assert.throws(() => walked(entry.subarray(0, 514)), /is cut short/)
  assert.throws(() => walked(join(entry, TAR_END, text('junk'))), /goes on after its end/)
  assert.throws(() => walked(join(entry, TAR_END, entry)), /goes on after its end/)
  assert.throws(() => walked(text('x'.repeat(600))), /is not an archive/)
  assert.throws(() => walked(text('x')), /is not an archive/)
  assert.deepEqual(walked(join(entry, TAR_END, new Uint8Array(9000))), [['a', 'abc']])
})
