import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as tar from 'tar'
import { type Unpacking, unpackSlug } from '../../src/edge/slugs/unpack-slug.ts'
import { archive, ENGINES, freshFolder, slug, some } from './raw-slugs.ts'

const root = process.getuid?.() === 0
const OTHER = { uid: 65534, gid: 65534 }

for (const { engine, how } of ENGINES) {
  const unpacked = async (bytes: Uint8Array | string, more: Partial<Unpacking> = {}) => {
    const into = join(freshFolder(), 'x')
    const sha256 = await unpackSlug({ file: slug(bytes), into, ...how, ...more })
    assert.deepEqual(readdirSync(join(into, '..')), ['x'])
    return { into, sha256 }
  }

  describe(`with ${engine}`, () => {
    test('modes survive a strict umask, and a folder that nobody may write to can be filled', async () => {
      const bytes = archive(
        { path: 'bin', type: '5', mode: 0o555 },
        { path: 'bin/go', mode: 0o755, content: '#!/bin/sh\n' },
        { path: 'shared', mode: 0o666, content: 'x' },
        { path: 'secret', mode: 0o400 },
        { path: 'team', type: '5', mode: 0o2775 },
      )
      const before = process.umask(0o077)
      try {
        const { into } = await unpacked(bytes)
        const mode = (path: string) => (lstatSync(join(into, path)).mode & 0o7777).toString(8)
        assert.deepEqual(['', 'bin', 'bin/go', 'shared', 'secret', 'team'].map(mode), [
          '755',
          '755',
          '755',
          '666',
          '400',
          '775',
        ])
        assert.equal(statSync(join(into, 'bin/go')).mtimeMs, 1_600_000_000_000)
      } finally {
        process.umask(before)
      }
    })

    test('both layouts and all three packings give the same tree', async () => {
      const deep = `${'a-rather-long-folder/'.repeat(12)}ünïcödé 文件`
      const entries = [
        { path: 'lib/', type: '5' },
        some,
        { path: deep, content: 'deep' },
        { path: 'empty', type: '5' },
      ]
      const heroku = [
        { path: './app/', type: '5' },
        ...entries.map((entry) => ({ ...entry, path: `./app/${entry.path}` })),
      ]
      for (const layout of [entries, heroku]) {
        for (const bytes of [
          archive(...layout),
          gzipSync(archive(...layout)),
          zstdCompressSync(archive(...layout)),
        ]) {
          const done = await unpacked(bytes)
          assert.deepEqual(readdirSync(done.into).sort(), [
            'Procfile',
            'a-rather-long-folder',
            'empty',
            'lib',
          ])
          assert.equal(readFileSync(join(done.into, 'Procfile'), 'utf8'), some.content)
          assert.equal(readFileSync(join(done.into, deep), 'utf8'), 'deep')
          assert.equal(done.sha256, createHash('sha256').update(bytes).digest('hex'))
        }
      }
    })

    test('a symlink to /app is made relative, and one inside is kept', async () => {
      for (const prefix of ['./app/', '']) {
        const { into } = await unpacked(
          archive(
            { path: `${prefix}bin/node`, type: '2', target: '/app/.heroku/node' },
            { path: `${prefix}.heroku/node`, content: 'node' },
            { path: `${prefix}bin/n`, type: '2', target: 'node' },
            { path: `${prefix}Procfile`, content: 'x' },
          ),
        )
        assert.equal(readlinkSync(join(into, 'bin/node')), '../.heroku/node')
        assert.equal(readlinkSync(join(into, 'bin/n')), 'node')
        assert.equal(readFileSync(join(into, 'bin/n'), 'utf8'), 'node')
      }
    })

    test('hard links inside are kept, and trusted links lead where they like', async () => {
      const { into } = await unpacked(
        archive(
          { path: 'a', content: 'x' },
          { path: 'b', type: '1', target: './a' },
          { path: 'python', type: '2', target: '/usr/bin/python3' },
          { path: 'up', type: '2', target: '../up' },
        ),
        { trustLinks: true },
      )
      assert.equal(statSync(join(into, 'a')).ino, statSync(join(into, 'b')).ino)
      assert.equal(readlinkSync(join(into, 'python')), '/usr/bin/python3')
      assert.equal(readlinkSync(join(into, 'up')), '../up')
    })

    test('a file that comes twice is what it was last', async () => {
      const { into } = await unpacked(archive(some, { ...some, content: 'newer' }))
      assert.equal(readFileSync(join(into, 'Procfile'), 'utf8'), 'newer')
    })

    test('archives of other programs are read', async () => {
      const source = freshFolder()
      const folder = `app/lib/${'folder'.repeat(10)}`
      mkdirSync(join(source, folder), { recursive: true })
      writeFileSync(join(source, 'app/Procfile'), 'web: x\n')
      writeFileSync(join(source, folder, 'file'.repeat(20)), 'code')
      for (const format of ['gnu', 'ustar', 'pax']) {
        const bytes = execFileSync('tar', ['-C', source, `--format=${format}`, '-cf', '-', './app'])
        const { into } = await unpacked(bytes)
        assert.deepEqual(readdirSync(into).sort(), ['Procfile', 'lib'])
      }
      const { into } = await unpacked(tar.create({ cwd: source, gzip: true, sync: true }, ['app']).read()!)
      assert.equal(readFileSync(join(into, 'Procfile'), 'utf8'), 'web: x\n')
    })

    test('files are given to their owner, even below a folder closed to them', { skip: !root }, async () => {
      const home = freshFolder()
      chmodSync(home, 0o700)
      const into = join(home, 'x')
      const links = { path: 'd/l', type: '2', target: '/app/Procfile' }
      await unpackSlug({
        file: slug(archive({ path: 'd', type: '5' }, links, some)),
        into,
        owner: OTHER,
        ...how,
      })
      for (const path of ['', 'd', 'd/l', 'Procfile'])
        assert.equal(lstatSync(join(into, path)).uid, OTHER.uid, path)
    })
  })
}

test('TAR_OPTIONS of the caller does not reach the tar that unpacks', async () => {
  process.env.TAR_OPTIONS = '--no-such-option'
  try {
    await unpackSlug({ file: slug(archive({ path: 'a' })), into: join(freshFolder(), 'x') })
  } finally {
    delete process.env.TAR_OPTIONS
  }
})
