import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { prepareAppFolder, prepareSlugFile, sweepCache } from '../../src/edge/slugs/keep-slugs.ts'

const work = mkdtempSync(join(tmpdir(), 'dyno-keep-'))
after(() => rmSync(work, { recursive: true, force: true }))

let count = 0
let app = ''
let file = ''
let cacheFolder = ''
beforeEach(() => {
  count += 1
  app = join(work, `app${count}`)
  file = join(work, `${count}.tgz`)
  cacheFolder = join(work, `cache${count}`)
  mkdirSync(app)
  writeFileSync(join(app, 'Procfile'), 'web: x\n')
  execFileSync('tar', ['-czf', file, '-C', app, '.'])
})

const inode = (path: string): number => statSync(path).ino
const notes = (): string[] =>
  readdirSync(join(cacheFolder, 'known')).map((name) => join(cacheFolder, 'known', name))

test('a slug file is unpacked once', async () => {
  const first = await prepareSlugFile({ cacheFolder, file })
  assert.equal(first.tree, join(cacheFolder, 'trees', first.sha256))
  assert.equal(readFileSync(join(first.tree, 'Procfile'), 'utf8'), 'web: x\n')
  const made = inode(first.tree)
  assert.deepEqual(await prepareSlugFile({ cacheFolder, file }), first)
  copyFileSync(file, join(work, `${count}.copy`))
  assert.deepEqual(await prepareSlugFile({ cacheFolder, file: join(work, `${count}.copy`) }), first)
  assert.equal(inode(first.tree), made)
  assert.deepEqual(readdirSync(join(cacheFolder, 'trees')), [first.sha256])
})

test('a slug that is known is found without tar, zlib or crypto', async () => {
  await prepareSlugFile({ cacheFolder, file })
  const module = new URL('../../src/edge/slugs/keep-slugs.ts', import.meta.url).href
  const script = `
    const { prepareSlugFile } = await import(${JSON.stringify(module)})
    await prepareSlugFile(${JSON.stringify({ cacheFolder, file })})
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => /NativeModule (zlib|crypto|child_process)$/.test(name))))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  assert.equal(stdout, '[]\n', stderr)
})

test('a slug file that changed is another slug', async () => {
  const first = await prepareSlugFile({ cacheFolder, file })
  writeFileSync(join(app, 'more'), '')
  execFileSync('tar', ['-czf', file, '-C', app, '.'])
  const second = await prepareSlugFile({ cacheFolder, file })
  assert.notEqual(second.sha256, first.sha256)
  assert.ok(existsSync(join(second.tree, 'more')))
})

test('a broken note and a missing tree are made anew', async () => {
  const first = await prepareSlugFile({ cacheFolder, file })
  for (const broken of ['', '{"path":', 'null', '[]', '{"path":1}']) {
    writeFileSync(notes()[0]!, broken)
    assert.deepEqual(await prepareSlugFile({ cacheFolder, file }), first)
    assert.equal(JSON.parse(readFileSync(notes()[0]!, 'utf8')).sha256, first.sha256)
  }
  rmSync(first.tree, { recursive: true })
  assert.deepEqual(await prepareSlugFile({ cacheFolder, file }), first)
  assert.ok(existsSync(join(first.tree, 'Procfile')))
})

test('an app folder is packed only when something changed', async () => {
  const steps: string[] = []
  const order = { cacheFolder, folder: app, progress: (step: string) => void steps.push(step) }
  const first = await prepareAppFolder(order)
  assert.deepEqual([...new Set(steps)], ['packing', 'unpacking'])
  assert.deepEqual(readdirSync(join(cacheFolder, 'slugs')), [`${first.sha256}.tar.zst`])
  assert.deepEqual(readdirSync(first.tree), ['Procfile'])
  steps.length = 0
  assert.deepEqual(await prepareAppFolder(order), first)
  assert.deepEqual(steps, [])
  rmSync(first.tree, { recursive: true })
  assert.deepEqual(await prepareAppFolder(order), first)
  assert.deepEqual([...new Set(steps)], ['unpacking'], 'the packed slug is still there')
})

test('two at once end with one tree', async () => {
  const [one, other] = await Promise.all([
    prepareSlugFile({ cacheFolder, file }),
    prepareSlugFile({ cacheFolder, file }),
  ])
  assert.deepEqual(one, other)
  assert.deepEqual(readdirSync(join(cacheFolder, 'trees')), [one.sha256])
})

test('a refused slug leaves nothing in the cache', async () => {
  writeFileSync(file, 'no archive')
  await assert.rejects(prepareSlugFile({ cacheFolder, file }), { code: 'slug', message: /is not an archive/ })
  writeFileSync(file, execFileSync('tar', ['-czPf', '-', '--transform=s,^,../,', '-C', app, 'Procfile']))
  await assert.rejects(prepareSlugFile({ cacheFolder, file }), { message: /lies outside the app/ })
  assert.deepEqual(readdirSync(join(cacheFolder, 'trees')), [])
  assert.deepEqual(notes(), [])
})

test('a cache folder that cannot be written is said in one sentence', async () => {
  writeFileSync(cacheFolder, 'in the way')
  const order = { cacheFolder: join(cacheFolder, 'x'), file, folder: app }
  const problem = {
    code: 'slug',
    message: `The cache folder '${cacheFolder}/x' cannot be written (ENOTDIR); make it writable or choose another.`,
  }
  await assert.rejects(prepareSlugFile(order), problem)
  await assert.rejects(prepareAppFolder(order), problem)
})

test('what a dead process left is swept, and what a live one works on is not', async () => {
  const { tree } = await prepareSlugFile({ cacheFolder, file })
  const dead = spawnSync('true').pid
  const left = [
    `trees/.a.${dead}.tmp`,
    `trees/.b.${dead}.tmp.app`,
    `slugs/.c.${dead}.tmp`,
    `known/.d.${dead}.tmp`,
  ]
  for (const path of left) mkdirSync(join(cacheFolder, path, 'deep'), { recursive: true })
  mkdirSync(join(cacheFolder, `trees/.e.${process.pid}.tmp`))
  sweepCache({ cacheFolder })
  for (const path of left) assert.equal(existsSync(join(cacheFolder, path)), false, path)
  assert.ok(existsSync(join(cacheFolder, `trees/.e.${process.pid}.tmp`)))
  assert.ok(existsSync(join(tree, 'Procfile')))
  sweepCache({ cacheFolder: join(work, 'nowhere') })
})
