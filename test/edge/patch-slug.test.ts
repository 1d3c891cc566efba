import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { prepareAppFolder } from '../../src/edge/slugs/keep-slugs.ts'
import { scanAgain, scanApp } from '../../src/edge/slugs/scan-app.ts'
import { CHAOS_SEED, seeded } from '../random.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))

/** An app that was packed once, and the steps that its later slugs took. */
async function packed(files: Record<string, string> = { a: 'one', 'src/b': 'two', 'src/deep/c': 'three' }) {
  const folder = mkdtempSync(`${all}/app`)
  const cacheFolder = mkdtempSync(`${all}/cache`)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(`${folder}/${path}/..`.replace(/[^/]+\/\.\.$/, ''), { recursive: true })
    writeFileSync(`${folder}/${path}`, text)
  }
  const steps: string[] = []
  const prepare = () => prepareAppFolder({ cacheFolder, folder, progress: (step) => void steps.push(step) })
  const first = await prepare()
  steps.length = 0
  return { folder, cacheFolder, first, steps, prepare }
}

/** What a folder holds, entry by entry, as far as it counts in a dyno. */
function pictureOf(folder: string): string[] {
  return scanApp(folder, { whole: true }).entries.map(({ path, kind, mode, target }) => {
    const content = kind === 'file' ? readFileSync(`${folder}/${path}`, 'latin1') : target
    return `${path} ${kind} ${(kind === 'symlink' ? 0o777 : mode).toString(8)} ${content}`
  })
}

test('a slug of a folder that has changed a little is made without packing, and shares what has not', async () => {
  const { folder, first, steps, prepare } = await packed()
  writeFileSync(`${folder}/src/b`, 'changed')
  writeFileSync(`${folder}/src/new`, 'new')
  rmSync(`${folder}/a`)
  chmodSync(`${folder}/src/deep/c`, 0o755)
  symlinkSync('/app/src', `${folder}/link`)
  const second = await prepare()
  assert.deepEqual(steps, [])
  assert.notEqual(second.sha256, first.sha256)
  assert.deepEqual(
    pictureOf(second.tree),
    pictureOf(folder).map((line) => line.replace('/app/src', 'src')),
  )
  assert.equal(readlinkSync(`${second.tree}/link`), 'src')
  assert.equal(readFileSync(`${first.tree}/src/b`, 'utf8'), 'two', 'the slug before is what it was')
  assert.deepEqual(readdirSync(first.tree).sort(), ['a', 'src'])
  assert.equal(
    statSync(`${second.tree}/src/b`).mtimeMs,
    Math.floor(statSync(`${folder}/src/b`).mtimeMs / 1000) * 1000,
  )
})

test('files that have not changed are the same on the disk', async () => {
  const { folder, first, prepare } = await packed()
  writeFileSync(`${folder}/a`, 'changed')
  const second = await prepare()
  assert.equal(statSync(`${second.tree}/src/b`).ino, statSync(`${first.tree}/src/b`).ino)
  assert.notEqual(statSync(`${second.tree}/a`).ino, statSync(`${first.tree}/a`).ino)
})

test('what was changed back, or only touched or saved anew, is the slug it was', async () => {
  const { folder, first, prepare } = await packed()
  writeFileSync(`${folder}/a`, 'changed')
  const second = await prepare()
  writeFileSync(`${folder}/a`, 'one')
  assert.deepEqual(await prepare(), first)
  utimesSync(`${folder}/src/b`, 1, 1)
  writeFileSync(`${folder}/.swap`, 'three')
  renameSync(`${folder}/.swap`, `${folder}/src/deep/c`)
  assert.deepEqual(await prepare(), first)
  writeFileSync(`${folder}/a`, 'changed')
  assert.deepEqual(await prepare(), second)
})

test('where the base is gone, broken or too different, the whole is packed', async () => {
  const { folder, cacheFolder, steps, prepare } = await packed()
  const base = `${cacheFolder}/known/${readdirSync(`${cacheFolder}/known`).find((name) => name.endsWith('.base'))}`
  for (const spoil of [
    () => writeFileSync(base, '{"path":'),
    () => rmSync(base),
    () => rmSync(`${cacheFolder}/trees`, { recursive: true }),
    () => {
      mkdirSync(`${folder}/many`)
      for (let n = 0; n < 1001; n++) writeFileSync(`${folder}/many/${n}`, '')
    },
  ]) {
    steps.length = 0
    spoil()
    writeFileSync(`${folder}/a`, `${Math.random()}`)
    const { tree } = await prepare()
    assert.ok(steps.includes('packing'), `${spoil}`)
    assert.deepEqual(pictureOf(tree), pictureOf(folder))
  }
  steps.length = 0
  writeFileSync(`${folder}/a`, 'and from there on')
  await prepare()
  assert.deepEqual(steps, [], 'it is the next base')
})

test('files that were saved in place are looked at alone, with what looking at all would find', async () => {
  const { folder } = await packed()
  const before = scanApp(folder)
  writeFileSync(`${folder}/a`, 'other')
  writeFileSync(`${folder}/src/deep/c`, 'another')
  const again = scanAgain(before, ['src/deep/c', 'a'])
  assert.deepEqual(again, scanApp(folder))
  assert.deepEqual(scanAgain(before, []), before)
  writeFileSync(`${folder}/new`, '')
  assert.equal(scanAgain(before, ['a', 'new']), undefined)
  rmSync(`${folder}/a`)
  mkdirSync(`${folder}/a`)
  assert.equal(scanAgain(before, ['a']), undefined)
})

test(`whatever is done to a folder, its slug is what it is (seed ${CHAOS_SEED})`, async () => {
  const { folder, prepare } = await packed()
  const random = seeded(CHAOS_SEED)
  const names = ['a', 'b', 'src', 'src/b', 'src/deep', 'src/deep/c', 'link', 'x y', 'ü']
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const acts: ((path: string) => void)[] = [
    (path) => writeFileSync(path, String(random())),
    (path) => writeFileSync(path, 'same'),
    (path) => mkdirSync(path),
    (path) => rmSync(path, { recursive: true }),
    (path) => symlinkSync(pick(['a', '/app/b', '../else']), path),
    (path) => renameSync(path, `${folder}/${pick(names)}`),
    (path) => chmodSync(path, pick([0o600, 0o755, 0o640])),
  ]
  const relinked = (line: string) =>
    line.replace(/^(.+ symlink 777) \/app\/b$/, '$1 ?').replace(/^(.+ symlink 777) (\.\.\/)*b$/, '$1 ?')
  for (let round = 0; round < 150; round++) {
    for (let n = Math.floor(random() * 4); n >= 0; n--) {
      const path = `${folder}/${pick(names)}`
      try {
        if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path)
        pick(acts)(path)
      } catch {
        // it cannot be done to what is there
      }
    }
    const { tree } = await prepare()
    const wanted = pictureOf(folder).map((line) =>
      line.replace(
        /^(.+ folder) (\d+)/,
        (_, what, mode) => `${what} ${(Number.parseInt(mode, 8) | 0o700).toString(8)}`,
      ),
    )
    assert.deepEqual(pictureOf(tree).map(relinked), wanted.map(relinked), `round ${round}`)
  }
})
