import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../../src/core/problem.ts'
import { checkEntry, checkVolume, SLUG_LIMITS, slugFormat } from '../../../src/core/slug/slug.ts'
import { openSlugTree } from '../../../src/core/slug/slug-tree.ts'
import type { TarClaim } from '../../../src/core/slug/tar-claim.ts'
import { tarHeader } from '../../../src/edge/slugs/tar-header.ts'

const file: TarClaim = { path: 'a', type: '0', mode: 0o644, size: 0, mtime: 0, target: '' }
const link = (path: string, target: string): TarClaim => ({ ...file, path, type: '2', target })

const refused = (claims: readonly TarClaim[], sentence: string | RegExp, trustLinks = false): void => {
  assert.throws(
    () => {
      const tree = openSlugTree(SLUG_LIMITS, trustLinks)
      for (const claim of claims) tree.take(claim)
      tree.finish()
    },
    (error: unknown) => {
      assert.ok(error instanceof Problem && error.code === 'slug', String(error))
      if (typeof sentence === 'string') assert.equal(error.message, sentence)
      else assert.match(error.message, sentence)
      return true
    },
  )
}

const shape = (claims: readonly TarClaim[], trustLinks = false) => {
  const tree = openSlugTree(SLUG_LIMITS, trustLinks)
  for (const claim of claims) tree.take(claim)
  const { root, relinks } = tree.finish()
  return { root, relinks: Object.fromEntries(relinks) }
}

test('a name with .. is refused wherever it stands', () => {
  refused(
    [{ ...file, path: '../evil' }],
    "The slug holds '../evil', which lies outside the app; make the archive again from inside the app folder.",
  )
  for (const path of ['..', 'a/../../b', './app/../x', 'a/..'])
    refused([{ ...file, path }], /lies outside the app/)
})

test('an absolute or empty name is refused', () => {
  for (const path of ['/etc/passwd', '//x', '']) refused([{ ...file, path }], /lies outside the app/)
})

test('a name with a backslash or dots of another kind is only a name', () => {
  for (const path of ['..\\evil', '...', '..a', 'C:\\x'])
    assert.equal(checkEntry({ ...file, path })?.path, path)
})

test('dots and doubled slashes are taken out of names, and the root itself is no entry', () => {
  assert.equal(checkEntry({ ...file, path: './a//./b' })?.path, 'a/b')
  assert.equal(checkEntry({ ...file, path: './', type: '5' }), undefined)
})

test('a folder of an old tar is known by its slash', () => {
  assert.equal(checkEntry({ ...file, path: 'a/' })?.kind, 'folder')
})

test('devices, FIFOs, sparse files and unknown kinds are refused', () => {
  for (const [type, sentence] of [
    ['3', "The slug holds the device 'a'; an app has only files, folders and links, so leave it out."],
    ['4', /the device 'a'/],
    ['6', /the FIFO 'a'/],
    ['S', /the sparse file 'a'.*--sparse/],
    ['V', /'a' of a kind unknown here/],
  ] as const)
    refused([{ ...file, type }], sentence)
})

test('a setuid or setgid file is refused, and a setgid folder loses the bit', () => {
  refused(
    [{ ...file, mode: 0o4755 }],
    "The slug holds 'a', which is setuid or setgid; take the bit away with `chmod ug-s`.",
  )
  refused([{ ...file, mode: 0o2755 }], /setuid or setgid/)
  assert.equal(checkEntry({ ...file, type: '5', mode: 0o2775 })?.mode, 0o775)
})

test('an entry stays readable, and a folder writable, for its owner', () => {
  assert.equal(checkEntry({ ...file, mode: 0 })?.mode, 0o400)
  assert.equal(checkEntry({ ...file, mode: 0o555 })?.mode, 0o555)
  assert.equal(checkEntry({ ...file, type: '5', mode: 0o555 })?.mode, 0o755)
})

test('a name too long for a file system is refused, by its bytes', () => {
  refused([{ ...file, path: 'x'.repeat(256) }], /a name too long for a file system; shorten it/)
  refused([{ ...file, path: 'ü'.repeat(128) }], /too long/)
  refused([{ ...file, path: 'dir/'.repeat(800) }], /too long/)
  assert.equal(checkEntry({ ...file, path: 'ü'.repeat(127) })?.kind, 'file')
})

test('control characters of a name do not reach the terminal', () => {
  refused([{ ...file, path: '../\u001b]0;x\u0007' }], /'\.\.\/\?\]0;x\?'/)
})

test('content on what is no file is refused', () => {
  refused([{ ...file, type: '5', size: 3 }], /is no file and yet has content/)
  refused([{ ...file, type: '1', size: 3, target: 'b' }], /yet has content/)
})

test('a symlink out of the app is refused, absolute or relative', () => {
  refused(
    [file, link('x', '/etc/passwd')],
    "The slug holds the link 'x' to '/etc/passwd', which leads out of the app; leave it out or point it inside the app.",
  )
  for (const target of ['..', '../..', 'd/../../x', '/', '/apple', '/app/../etc', '/app/..'])
    refused([file, link('x', target)], /leads out of the app/)
  refused([link('a/b/x', '../../../etc')], /leads out/)
})

test('a symlink is followed, not read: words that stay inside can lead out', () => {
  refused([link('d/a', '..'), link('x', 'd/a/..')], /'x' to 'd\/a\/\.\.', which leads out/)
  refused([link('app/d/a', '..'), link('app/x', 'd/a/..')], /leads out/)
})

test('a symlink that leads out of ./app is refused only once that is the layout', () => {
  refused([link('app/x', '../outside')], /leads out/)
  assert.equal(shape([link('app/x', '../outside'), { ...file, path: 'outside' }]).root, '')
})

test('links and folders that take too long to follow are refused, and ordinary ones are not', () => {
  const far = `${'a/'.repeat(100)}x`
  const limits = { ...SLUG_LIMITS, looks: 50_000 }
  const shapeOf = (claims: readonly TarClaim[]) => {
    const tree = openSlugTree(limits, false)
    for (const claim of claims) tree.take(claim)
    return tree.finish()
  }
  const sentence = /^The slug holds folders so deep, or links so long, that nobody can follow them all; /
  const isSaid = (error: unknown) => error instanceof Problem && sentence.test(error.message)
  const links = Array.from({ length: 6 }, (_, n) => link(`d/${n}`, far))
  assert.throws(() => shapeOf(links), isSaid)
  const files = Array.from({ length: 6 }, (_, n) => ({ ...file, path: `${n}/${far}` }))
  assert.throws(() => shapeOf([link('l', 'a'), ...files]), isSaid)
  const dots = Array.from({ length: 40 }, (_, n) => link(`d/${n}`, './'.repeat(1000)))
  assert.throws(() => shapeOf(dots), isSaid)
  const beside = Array.from({ length: 60 }, (_, n) => ({ ...file, path: `${far}/${n}` }))
  assert.equal(shapeOf([link('l', 'a'), ...beside, link('m', far)]).root, '')
})

test('symlinks in a circle are refused', () => {
  refused([link('a', 'b'), link('b', 'a')], /leads out/)
})

test('links of a slug we packed ourselves may lead anywhere', () => {
  assert.deepEqual(
    shape([link('app/python', '/usr/bin/python3'), link('app/y', '../../y')], true).root,
    'app',
  )
})

test('nothing is written by way of a symlink of the slug, trusted or not', () => {
  for (const trusted of [true, false]) {
    refused(
      [link('a', 'b'), { ...file, path: 'a/c' }],
      "The slug holds 'a/c' by way of the link 'a'; make the archive again from the real folders.",
      trusted,
    )
    refused([link('a', 'b'), { ...file, path: 'a', type: '5' }], /by way of the link/, trusted)
    refused([link('a', 'b'), { ...file, path: 'h', type: '1', target: 'a' }], /by way of the link/, trusted)
    refused([link('a', 'b'), { ...file, path: 'h', type: '1', target: 'a/c' }], /by way of the link/, trusted)
  }
})

test('a hard link out of the app is refused', () => {
  for (const target of ['../x', '/etc/passwd', ''])
    refused([{ ...file, type: '1', target }], /the hard link 'a' to '.*', which leads out of the app/)
})

test('a slug is in the layout of Heroku if all of it lies in app', () => {
  assert.equal(
    shape([
      { ...file, path: './app/', type: '5' },
      { ...file, path: './app/Procfile' },
    ]).root,
    'app',
  )
  assert.equal(
    shape([
      { ...file, path: './', type: '5' },
      { ...file, path: 'app/Procfile' },
    ]).root,
    'app',
  )
  assert.equal(
    shape([
      { ...file, path: './app/models' },
      { ...file, path: './Gemfile' },
    ]).root,
    '',
  )
  assert.equal(shape([{ ...file, path: 'app' }]).root, '', 'a file of that name')
})

test('links to /app become relative, in either layout', () => {
  const links = { bin: '/app/x', 'd/e/f': '/app/.heroku/y', 'd/top': '/app', top: '/app/', odd: '//app//z' }
  const relinks = { bin: 'x', 'd/e/f': '../../.heroku/y', 'd/top': '..', top: '.', odd: 'z' }
  const claims = Object.entries(links)
  assert.deepEqual(shape(claims.map(([path, target]) => link(path, target))).relinks, relinks)
  assert.deepEqual(shape(claims.map(([path, target]) => link(`./app/${path}`, target))), {
    root: 'app',
    relinks,
  })
})

test('an archive without an entry is refused', () => {
  refused([], 'The slug is empty; make the archive again from the app folder.')
  refused([{ ...file, path: './', type: '5' }], /is empty/)
})

test('entries, names and bytes have limits', () => {
  const limits = { ...SLUG_LIMITS, entries: 2, bytes: 2 * 1024 ** 2, ratioFrom: 1000 }
  const tree = openSlugTree(limits, false)
  tree.take({ ...file, path: '1' })
  tree.take({ ...file, path: '2' })
  assert.throws(() => tree.take({ ...file, path: '3' }), /more than 2 files/)
  assert.throws(() => openSlugTree({ ...limits, names: 3 }, false).take({ ...file, path: 'abcd' }), Problem)
  assert.throws(() => checkVolume(2 * 1024 ** 2 + 1, 2 * 1024 ** 2, limits), /unpacks to more than 2 MiB;/)
  assert.throws(() => checkVolume(1001, 4, limits), /more than 250 times its size/)
  checkVolume(1000, 1, limits)
  checkVolume(1001, 5, limits)
})

test('the format is told from the first bytes', () => {
  assert.equal(slugFormat(Uint8Array.of(0x1f, 0x8b, 8)), 'gzip')
  assert.equal(slugFormat(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)), 'zstd')
  assert.equal(slugFormat(tarHeader({ kind: 'folder', path: 'x', mode: 0o755, mtime: 0 })), 'tar')
  assert.equal(slugFormat(new TextEncoder().encode('#!/bin/sh\n'.repeat(60))), undefined)
  assert.equal(slugFormat(Uint8Array.of(1, 2)), undefined)
})
