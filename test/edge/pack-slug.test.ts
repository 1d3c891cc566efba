import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import * as tar from 'tar'
import { Problem } from '../../src/core/problem.ts'
import { packSlug } from '../../src/edge/slugs/pack-slug.ts'
import { scanApp } from '../../src/edge/slugs/scan-app.ts'
import { unpackSlug } from '../../src/edge/slugs/unpack-slug.ts'

const work = mkdtempSync(join(tmpdir(), 'dyno-pack-'))
after(() => rmSync(work, { recursive: true, force: true }))

let count = 0
let app = ''
let out = ''
beforeEach(() => {
  count += 1
  app = join(work, `app${count}`)
  out = join(work, `out${count}`)
  mkdirSync(join(app, 'lib/empty'), { recursive: true })
  mkdirSync(out)
  writeFileSync(join(app, 'Procfile'), 'web: node server.js\n')
  writeFileSync(join(app, 'lib/a.js'), 'a')
  for (const path of ['Procfile', 'lib/a.js', 'lib/empty', 'lib'])
    utimesSync(join(app, path), 1_700_000_000, 1_700_000_000)
})

const names = (): string[] => scanApp(app).entries.map((entry) => entry.path)
const pack = (file = join(out, 'slug.tar.zst')) => packSlug({ scan: scanApp(app), file })

test('entries are sorted, and git, the config vars and what .slugignore names are left out', () => {
  for (const path of [
    '.git/config',
    'vendor/x/.git',
    'vendor/x/y',
    '.env',
    'api/.env',
    'tmp/x',
    'a.psd',
    'x/a.psd',
  ]) {
    mkdirSync(join(app, path, '..'), { recursive: true })
    writeFileSync(join(app, path), '')
  }
  writeFileSync(join(app, '.slugignore'), '# big\n*.psd\n/tmp\n')
  execFileSync('mkfifo', [join(app, 'fifo')])
  assert.deepEqual(names(), [
    '.slugignore',
    'Procfile',
    'api',
    'api/.env',
    'lib',
    'lib/a.js',
    'lib/empty',
    'vendor',
    'vendor/x',
    'vendor/x/y',
    'x',
  ])
})

test('what is packed comes out the same', async () => {
  chmodSync(join(app, 'lib/a.js'), 0o755)
  symlinkSync('/usr/bin/python3', join(app, 'python'))
  symlinkSync('../../elsewhere', join(app, 'lib/out'))
  const long = join('lib', 'ü'.repeat(100), 'n'.repeat(200))
  mkdirSync(join(app, long, '..'))
  writeFileSync(join(app, long), 'x'.repeat(3_000_001))
  const file = join(out, 'slug.tar.zst')
  const { sha256, bytes } = await pack(file)
  assert.equal(sha256, createHash('sha256').update(readFileSync(file)).digest('hex'))
  assert.equal(bytes, statSync(file).size)
  const into = join(out, 'x')
  assert.equal(await unpackSlug({ file, into, trustLinks: true }), sha256)
  execFileSync('diff', ['-r', '--no-dereference', app, into])
  assert.equal(readlinkSync(join(into, 'python')), '/usr/bin/python3')
  assert.equal(lstatSync(join(into, 'lib/a.js')).mode & 0o777, 0o755)
  assert.equal(lstatSync(join(into, 'lib/a.js')).mtimeMs, 1_700_000_000_000)
})

test('another program reads it too, in the layout of Heroku', async () => {
  const file = join(out, 'slug.tar.zst')
  await pack(file)
  const found: string[] = []
  await tar.list({ file, onReadEntry: (entry) => found.push(entry.path) })
  assert.deepEqual(found, ['./app/', './app/Procfile', './app/lib/', './app/lib/a.js', './app/lib/empty/'])
})

test('the same tree gives the same bytes, wherever and whenever it is', async () => {
  const first = await pack()
  const copy = join(work, `copy${count}`)
  execFileSync('cp', ['-a', app, copy])
  const second = await packSlug({ scan: scanApp(copy), file: join(out, 'again') })
  assert.deepEqual(second, first)
})

test('the fingerprint tells every change, without a file being read', () => {
  const seen = new Set([scanApp(app).fingerprint])
  assert.equal(seen.has(scanApp(app).fingerprint), true)
  const changes: readonly (() => void)[] = [
    () => utimesSync(join(app, 'Procfile'), 1, 1.0005),
    () => appendFileSync(join(app, 'Procfile'), 'x'),
    () => chmodSync(join(app, 'Procfile'), 0o600),
    () => writeFileSync(join(app, 'new'), ''),
    () => symlinkSync('a', join(app, 'link')),
    () => {
      rmSync(join(app, 'link'))
      symlinkSync('b', join(app, 'link'))
    },
    () => writeFileSync(join(app, '.slugignore'), 'new'),
  ]
  for (const [number, change] of changes.entries()) {
    change()
    seen.add(scanApp(app).fingerprint)
    assert.equal(seen.size, number + 2)
  }
})

test('progress is told up to the last byte', async () => {
  const told: number[] = []
  await packSlug({
    scan: scanApp(app),
    file: join(out, 's'),
    progress: (done, total) => told.push(done, total),
  })
  assert.deepEqual(told, [20, 21, 21, 21])
})

test('a file that changes its size after the scan does not break the slug', async () => {
  writeFileSync(join(app, 'log'), 'x'.repeat(5000))
  const file = join(out, 'slug.tar.zst')
  for (const change of [
    () => truncateSync(join(app, 'log'), 10),
    () => appendFileSync(join(app, 'log'), 'y'.repeat(9000)),
  ]) {
    const scan = scanApp(app)
    change()
    await packSlug({ scan, file })
    const into = join(out, 'x')
    await unpackSlug({ file, into })
    assert.equal(readFileSync(join(into, 'log'), 'utf8'), readFileSync(join(app, 'log'), 'utf8'))
    rmSync(into, { recursive: true })
  }
})

test('a file that gets shorter while it is read is a problem, and leaves no slug', async () => {
  writeFileSync(join(app, 'big'), Buffer.alloc(20_000_000, 1))
  const progress = (done: number) => {
    if (done > 1_000_000) truncateSync(join(app, 'big'), 10)
  }
  await assert.rejects(packSlug({ scan: scanApp(app), file: join(out, 's'), progress }), {
    code: 'app',
    message: "'big' got shorter while it was packed; try again when it is at rest.",
  })
  assert.deepEqual(readdirSync(out), [])
})

test('a file that is gone is a problem, and leaves no slug', async () => {
  const scan = scanApp(app)
  rmSync(join(app, 'lib/a.js'))
  await assert.rejects(packSlug({ scan, file: join(out, 's') }), {
    code: 'app',
    message: /'lib\/a\.js' vanished while/,
  })
  assert.deepEqual(readdirSync(out), [])
  assert.throws(
    () => scanApp(join(app, 'nowhere')),
    (error) => error instanceof Problem && error.code === 'app',
  )
})

test('a slug that cannot be written is a problem', async (t) => {
  await assert.rejects(pack(join(out, 'no/such/slug')), {
    code: 'slug',
    message: /cannot be packed into .* \(ENOENT\)/,
  })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', out], { stdio: 'ignore' })
  } catch {
    return t.skip('mounting is not allowed here')
  }
  try {
    writeFileSync(
      join(app, 'noise'),
      Buffer.from(Array.from({ length: 400_000 }, (_, n) => (n * n * 2654435761) >>> 13)),
    )
    await assert.rejects(pack(), {
      code: 'slug',
      message: /^No room is left on the disk to pack the app into/,
    })
    assert.deepEqual(readdirSync(out), [])
  } finally {
    execFileSync('umount', [out])
  }
})
