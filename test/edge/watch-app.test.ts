import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchApp } from '../../src/edge/watch-app.ts'
import { until } from '../harness.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))

/** Longer than a save is waited for after, in milliseconds. */
const REST = 400

const open: (() => Promise<void>)[] = []
after(() => Promise.all(open.map((stop) => stop())))

async function watched(files: Record<string, string> = {}, besides: string[] = []) {
  const folder = mkdtempSync(`${all}/x`)
  for (const [name, text] of Object.entries({ 'src/a': '', ...files })) {
    mkdirSync(dirname(`${folder}/${name}`), { recursive: true })
    writeFileSync(`${folder}/${name}`, text)
  }
  let told = 0
  let last: readonly string[] | null = null
  const stop = await watchApp(
    folder,
    besides.map((name) => `${folder}/${name}`),
    {
      changed(saved) {
        told++
        last = saved
      },
      failed: assert.fail,
    },
  )
  open.push(stop)
  const save = (name: string, text = 'x') => writeFileSync(`${folder}/${name}`, text)
  return {
    folder,
    stop,
    told: () => told,
    last: () => last,
    save,
    async isOverWhenStopped() {
      await stop()
      const before = told
      save('src/a')
      await sleep(REST)
      assert.equal(told, before)
    },
    tells: (count: number) =>
      until(
        () => told >= count,
        () => `told ${told} times`,
      ),
  }
}

describe('a watched app folder', { concurrency: 4 }, () => {
  test('tells of a save, of a new file and folder, of a renaming and of a removal', async () => {
    const { folder, save, tells, told, stop } = await watched()
    const acts = [
      () => save('src/a', 'changed'),
      () => save('new'),
      () => mkdirSync(`${folder}/deep/er`, { recursive: true }),
      () => save('deep/er/file'),
      () => renameSync(`${folder}/new`, `${folder}/newer`),
      () => rmSync(`${folder}/src`, { recursive: true }),
    ]
    for (const act of acts) {
      const before = told()
      act()
      await tells(before + 1)
      await sleep(REST)
    }
    await stop()
  })

  test('tells of many saves together, and of an editor that writes beside and renames', async () => {
    const { folder, save, tells, told, stop } = await watched()
    for (let n = 0; n < 50; n++) save(`src/${n}`)
    await tells(1)
    await sleep(REST)
    assert.ok(told() < 10, `${told()} times`) // once, but for a machine that is busy
    const before = told()
    save('src/.a.swp', 'later')
    renameSync(`${folder}/src/.a.swp`, `${folder}/src/a`)
    await tells(before + 1)
    await stop()
  })

  test('says nothing of what is never in the slug, as .slugignore has it now', async () => {
    const { folder, save, tells, told, stop } = await watched({
      '.slugignore': 'log/\n',
      'log/a': '',
      '.git/HEAD': '',
    })
    save('log/a')
    save('.git/HEAD')
    await sleep(REST)
    assert.equal(told(), 0)
    save('.slugignore', 'src/\n')
    await tells(1)
    await sleep(REST)
    const before = told()
    save('src/a', 'now left out')
    await sleep(REST)
    assert.equal(told(), before)
    save('log/a', 'now part of it')
    await tells(before + 1)
    await stop()
    assert.ok(folder)
  })

  test('tells which files were saved in place, and no names where there was more', async () => {
    const { save, tells, told, last, stop } = await watched({ b: '' })
    save('src/a', 'one')
    save('b', 'two')
    await tells(1)
    await sleep(REST)
    assert.deepEqual([...(last() ?? [])].sort(), told() === 1 ? ['b', 'src/a'] : ['b'])
    const before = told()
    save('src/a', 'again')
    save('new')
    await tells(before + 1)
    await sleep(REST)
    assert.equal(last(), null)
    await stop()
  })

  test('has one watcher whatever an editor does to .slugignore, which is over with it', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`deep/${n}/file`, '']))
    const { folder, save, tells, isOverWhenStopped } = await watched({ ...many, '.slugignore': 'log/\n' })
    for (const pause of [20, 50, 100]) {
      rmSync(`${folder}/.slugignore`)
      await sleep(pause) // the removal is told alone, and what comes next while the watcher is opened again
      save('.new')
      renameSync(`${folder}/.new`, `${folder}/.slugignore`)
      await sleep(REST)
    }
    await tells(1)
    await isOverWhenStopped()
  })

  test('waits while git is at work', async () => {
    const { folder, save, tells, told, stop } = await watched({ '.git/index.lock': '' })
    save('src/a', 'of another branch')
    await sleep(REST)
    assert.equal(told(), 0)
    rmSync(`${folder}/.git/index.lock`)
    await tells(1)
    await stop()
  })

  test('tells of files besides, and of nothing when it is over', async () => {
    const { folder, tells, isOverWhenStopped } = await watched({ '../besides.env': 'A=1' }, [
      '../besides.env',
    ])
    writeFileSync(`${folder}/../besides.env`, 'A=2')
    await tells(1)
    await isOverWhenStopped()
  })
})
