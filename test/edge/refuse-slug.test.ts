import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { Problem } from '../../src/core/problem.ts'
import { SLUG_LIMITS } from '../../src/core/slug/slug.ts'
import { type Unpacking, unpackSlug } from '../../src/edge/slugs/unpack-slug.ts'
import { archive, ENGINES, freshFolder, type Raw, slug, some, work } from './raw-slugs.ts'

for (const { engine, how } of ENGINES) {
  const refused = async (bytes: Uint8Array | string, sentence: RegExp, more: Partial<Unpacking> = {}) => {
    const home = freshFolder()
    await assert.rejects(
      unpackSlug({ file: slug(bytes), into: join(home, 'x'), ...how, ...more }),
      (error: unknown) => {
        assert.ok(error instanceof Problem && error.code === 'slug', String(error))
        assert.match(error.message, sentence)
        assert.doesNotMatch(error.message, /\n/)
        return true
      },
    )
    assert.deepEqual(readdirSync(home), [], 'something is left')
  }

  describe(`with ${engine}`, () => {
    const hostile: readonly [what: string, entries: readonly Raw[], sentence: RegExp][] = [
      [
        'a path that climbs out',
        [{ path: '../evil' }],
        /^The slug holds '\.\.\/evil', which lies outside the app; make/,
      ],
      ['an absolute path', [{ path: '/tmp/evil' }], /'\/tmp\/evil', which lies outside the app/],
      [
        'a symlink out',
        [{ path: 'l', type: '2', target: '../x' }],
        /the link 'l' to '\.\.\/x', which leads out/,
      ],
      [
        'an absolute symlink',
        [{ path: 'l', type: '2', target: '/etc' }],
        /the link 'l' to '\/etc', which leads out/,
      ],
      [
        'a symlink and a file through it',
        [{ path: 'l', type: '2', target: '/tmp' }, { path: 'l/evil' }],
        /which leads out/,
      ],
      [
        'a symlink inside and a file through it',
        [{ path: 'd', type: '5' }, { path: 'l', type: '2', target: 'd' }, { path: 'l/evil' }],
        /'l\/evil' by way of the link 'l'/,
      ],
      [
        'a hard link out',
        [{ path: 'h', type: '1', target: '../../etc/passwd' }],
        /the hard link 'h' to '.*leads out/,
      ],
      ['a hard link to nothing', [{ path: 'h', type: '1', target: 'nothing' }], /could not be unpacked/],
      ['a device', [{ path: 'dev/null', type: '3' }], /the device 'dev\/null'/],
      ['a FIFO', [{ path: 'f', type: '6' }], /the FIFO 'f'/],
      ['a setuid file', [{ path: 's', mode: 0o4755, content: 'x' }], /'s', which is setuid or setgid/],
      ['a file below a file', [{ path: 'a', content: 'x' }, { path: 'a/b' }], /could not be unpacked/],
    ]
    for (const [what, entries, sentence] of hostile) {
      test(`${what} is refused and leaves nothing`, async () => {
        await refused(gzipSync(archive(some, ...entries, some)), sentence)
        await refused(
          archive(...entries.map((entry) => ({ ...entry, path: entry.path.replace(/^(?=\w)/, './app/') }))),
          /./,
        )
      })
    }

    test('a bomb is refused by its size, its ratio and its number of files', async () => {
      const zeros = archive({ path: 'zeros', content: '\0'.repeat(3_000_000) })
      await refused(zstdCompressSync(zeros), /more than 1 MiB; leave out/, {
        limits: { ...SLUG_LIMITS, bytes: 1024 ** 2 },
      })
      await refused(gzipSync(zeros), /more than 250 times its size/, {
        limits: { ...SLUG_LIMITS, ratioFrom: 100_000 },
      })
      const many = Array.from({ length: 21 }, (_, number) => ({ path: `${number}`, type: '5' }))
      await refused(gzipSync(archive(...many)), /more than 20 files/, {
        limits: { ...SLUG_LIMITS, entries: 20 },
      })
    })

    test('what is mostly zeros is no bomb where they only come first, or it was packed by us', async () => {
      const content = '\0'.repeat(3_000_000)
      const noise = randomBytes(30_000).toString('latin1')
      const limits = { ...SLUG_LIMITS, ratioFrom: 100_000 }
      const unpack = async (bytes: Uint8Array, trustLinks: boolean) => {
        const into = join(freshFolder(), 'x')
        await unpackSlug({ file: slug(bytes), into, limits, trustLinks, ...how })
        return readdirSync(into)
      }
      const mixed = archive({ path: 'a', content }, { path: 'b', content: noise })
      assert.deepEqual(await unpack(gzipSync(mixed), false), ['a', 'b'])
      assert.deepEqual(await unpack(gzipSync(archive({ path: 'a', content })), true), ['a'])
    })

    test('an archive that is broken or none at all is refused', async () => {
      // Noise, so that compressed pieces end in the middle of it.
      const noise = Array.from({ length: 5000 }, (_, n) =>
        createHash('md5').update(`${n}`).digest('hex'),
      ).join('')
      const good = archive(some, { path: 'noise', content: noise })
      const zip = gzipSync(good)
      const zst = zstdCompressSync(good, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
      await refused('', /The slug '.*' is empty; download it/)
      await refused('web: node server.js\n'.repeat(100), /is not an archive; make it with `tar/)
      await refused('x', /is not an archive/)
      await refused(gzipSync('no tar at all '.repeat(100)), /is not an archive/)
      await refused(gzipSync(''), /is not an archive/)
      await refused(gzipSync(Buffer.alloc(10240)), /The slug is empty; make the archive again/)
      for (const packed of [zip, zst, good])
        await refused(packed.subarray(0, packed.length >> 1), /is cut short/)
      await refused(zip.subarray(0, -3), /is cut short/)
      await refused(zip.subarray(0, 12), /is cut short|is not an archive/)
      await refused(good.subarray(0, -1024), /is cut short/)
      for (const packed of [zip, zst]) {
        await refused(
          Buffer.concat([packed, Buffer.from('junk at the end of it')]),
          /is broken: its compressed data/,
        )
        await refused(Buffer.concat([packed, Buffer.alloc(900_000)]), /is broken: its compressed data/)
        const flipped = Buffer.from(packed)
        flipped[flipped.length >> 1]! ^= 0xff
        await refused(flipped, /is broken|makes no sense|is not an archive|cut short/)
      }
      const crc = Buffer.from(zip)
      crc[crc.length - 6]! ^= 1
      await refused(crc, /is broken/)
      await refused(Buffer.concat([good, good]), /goes on after its end/)
    })

    test('a full disk is said in one sentence', { skip: process.getuid?.() !== 0 }, async (t) => {
      const disk = freshFolder()
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' })
      } catch {
        return t.skip('mounting is not allowed here')
      }
      try {
        const file = slug(archive({ path: 'big', content: 'x'.repeat(2_000_000) }))
        await assert.rejects(unpackSlug({ file, into: join(disk, 'x'), ...how }), {
          message: 'No room is left on the disk to unpack the slug; free some and try again.',
        })
        assert.deepEqual(readdirSync(disk), [])
      } finally {
        execFileSync('umount', [disk])
      }
    })
  })
}

test('a slug that is missing, or a folder, is said in one sentence', async () => {
  const home = freshFolder()
  const into = join(home, 'x')
  await assert.rejects(unpackSlug({ file: join(work, 'none.tgz'), into }), {
    message: /^There is no slug '.*none.tgz';/,
  })
  await assert.rejects(unpackSlug({ file: work, into }), { message: /is not a file; hand over a \.tar/ })
  assert.deepEqual(readdirSync(home), [])
})

test('a folder that was there before is not touched', async () => {
  const into = freshFolder()
  writeFileSync(join(into, 'mine'), '')
  const file = slug(archive({ path: 'a' }))
  await assert.rejects(unpackSlug({ file, into }), { message: /could not be unpacked into .* \(EEXIST\)/ })
  assert.deepEqual(readdirSync(into), ['mine'])
})
