import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { describe, test } from 'node:test'
import { dyno, openSandbox, quiet, writeFiles } from '../harness.ts'
import { sitDown } from '../person.ts'

const APP = {
  Procfile: 'web: bin/hello\nworker: sleep 1\n',
  'bin/hello': '#!/bin/sh\necho "hello from $(pwd)"\n',
  '.slugignore': '*.psd\n/tests\n',
  'logo.psd': 'large',
  'tests/one': 'test',
  'deep/tests/kept': 'kept',
  '.env': 'SECRET=1\n',
}

describe('slugs as files', { concurrency: 3 }, () => {
  test('slug:build makes the same bytes of the same files, and plain tar unpacks them as Heroku does', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const one = await dyno(sandbox, ['slug:build', '-o', '../one.tgz'])
    assert.match(
      one.stdout,
      /^-----> Discovering process types\n {7}Procfile declares types -> web, worker\n-----> Compressing\.\.\.\n {7}Done: 0\.\dK of 500M, \d entries\n {7}\/.*\/one\.tgz\n {7}SHA256:[0-9a-f]{64}\n$/,
    )
    cpSync(sandbox.app, `${sandbox.folder}/copy`, { recursive: true })
    utimesSync(`${sandbox.folder}/copy/Procfile`, 1, 1)
    const two = await dyno(sandbox, ['slug:build', `${sandbox.folder}/copy`, '-o', '../two.tgz'])
    assert.equal(two.status, 0)
    const [first, second] = ['one', 'two'].map((name) => readFileSync(`${sandbox.folder}/${name}.tgz`))
    assert.ok(first!.equals(second!))
    assert.equal(statSync(`${sandbox.folder}/one.tgz`).mode & 0o777, 0o666 & ~process.umask())
    const into = `${sandbox.folder}/unpacked`
    mkdirSync(into)
    execFileSync('tar', ['-C', into, '--strip-components=2', '-zxf', `${sandbox.folder}/one.tgz`])
    assert.deepEqual(readdirSync(into).sort(), ['.slugignore', 'Procfile', 'bin', 'deep'])
    assert.equal(execFileSync('bin/hello', { cwd: into }).toString(), `hello from ${into}\n`)
    assert.equal(
      (await dyno(sandbox, ['run', '--slug', '../one.tgz', 'bin/hello'])).stdout,
      'hello from /app\n',
    )
  })

  test('a slug that lies in the app folder is never part of itself, and it is said that it will be of the next', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const sums = []
    for (let round = 0; round < 2; round++) {
      const { stdout, stderr } = await dyno(sandbox, ['slug:build'])
      sums.push(/SHA256:(\w+)/.exec(stdout)![1])
      assert.match(
        stderr,
        /^ ! {4}app\.tgz lies in the app folder and would be part of its next slug; move it, or name it in \.slugignore\.\n$/,
      )
    }
    assert.equal(sums[0], sums[1])
    const nowhere = await dyno(sandbox, ['slug:build', '-o', 'no/where.tgz'])
    assert.match(
      nowhere.stderr,
      /^ ! {4}There is no folder \/.*\/no; make it, or name another file with -o\.\n$/,
    )
    const folder = await dyno(sandbox, ['slug:build', '-o', 'deep'])
    assert.match(folder.stderr, /deep is no file; name another one with -o\./)
    writeFileSync(`${sandbox.app}/Procfile`, 'web bin/hello\n')
    const wrong = await dyno(sandbox, ['slug:build', '-o', '../wrong.tgz'])
    assert.match(wrong.stderr, /^ ! {4}Procfile:1:/)
    assert.ok(!existsSync(`${sandbox.folder}/wrong.tgz`))
  })

  test('slug:info tells what is in one, whichever its layout, and says when it is none', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    await dyno(sandbox, ['slug:build', '-o', '../one.tgz'])
    const { stdout } = await dyno(sandbox, ['slug:info', '../one.tgz'])
    assert.match(
      stdout,
      /^=== \.\.\/one\.tgz\n\nSize: +\d+ B packed, \d+ B unpacked\nEntries: +7, of which 4 files\nSHA256: +[0-9a-f]{64}\n/,
    )
    assert.match(
      stdout,
      /\n\n=== Process types\n\nweb: +bin\/hello\nworker: +sleep 1\n\n=== Largest files\n\n\d+ B +\S+\n/,
    )
    execFileSync('tar', ['-C', sandbox.app, '-czf', `${sandbox.folder}/bare.tgz`, '.'])
    assert.match((await dyno(sandbox, ['slug:info', '../bare.tgz'])).stdout, /web: +bin\/hello\n/)
    writeFileSync(`${sandbox.folder}/none.tgz`, 'no archive at all')
    for (const name of ['none.tgz', 'missing.tgz', 'app']) {
      const { status, stderr } = await dyno(sandbox, ['slug:info', `../${name}`])
      assert.equal(status, 1)
      assert.match(stderr, /^ ! {4}[^\n]+\.\n$/)
    }
  })

  test('slug:diff compares files, releases and folders, and its status says whether they differ', async (t) => {
    const sandbox = openSandbox({ ...APP, '.slugignore': '' })
    t.after(sandbox.close)
    const diff = async (...words: string[]) => {
      const { stdout, status } = await dyno(sandbox, ['slug:diff', ...words])
      return [status, ...stdout.split('\n').slice(0, -1)]
    }
    await dyno(sandbox, ['release'])
    await dyno(sandbox, ['slug:build', '-o', '../one.tgz'])
    rmSync(`${sandbox.app}/logo.psd`)
    writeFiles(sandbox.app, { 'bin/new': '#!/bin/sh\n', 'tests/one': 'another test' })
    const changes = [
      '+ bin/new (10 B)',
      '- logo.psd (5 B)',
      '~ tests/one (4 B → 12 B)',
      '1 added, 1 removed, 1 changed',
    ]
    assert.deepEqual(await diff('v1'), [1, ...changes])
    await dyno(sandbox, ['release'])
    assert.deepEqual(await diff('v1', 'v2'), [1, ...changes])
    assert.deepEqual(await diff('../one.tgz', 'current'), [1, ...changes])
    assert.deepEqual(await diff('v1', '../one.tgz'), [0, '0 added, 0 removed, 0 changed'])
    assert.deepEqual(await diff('v2', '.'), [0, '0 added, 0 removed, 0 changed'])
    assert.match(
      (await dyno(sandbox, ['slug:diff', 'v9', 'v1'])).stderr,
      /There is no release v9; the newest is v2\./,
    )
  })

  test('slugs:prune removes what nobody needs: no newer release, no dyno and no folder', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const count = async () => Number(/^=== Slugs: (\d+), /.exec((await dyno(sandbox, ['slugs'])).stdout)![1])
    for (const version of [1, 2, 3, 4]) {
      writeFileSync(`${sandbox.app}/version`, `${version}\n`)
      await dyno(sandbox, version === 3 ? ['run', 'true'] : ['release'])
    }
    assert.equal(await count(), 4)
    assert.match((await dyno(sandbox, ['slugs'])).stdout, /\n[0-9a-f]{8} {2}\d+\.\d kB +\ds ago +app v3\n/)
    await quiet(sandbox.folder, { hurry: true })
    const held = sitDown(sandbox, ['run', '--release', 'v2', 'cat version; sleep 98877'])
    await held.sees('2\n')
    const pruned = await dyno(sandbox, ['slugs:prune', '--keep', '1'])
    assert.match(pruned.stdout, /^Removed 1 slug \(\d+\.\d kB\)\.\n$/)
    assert.equal(await count(), 3, 'what is current, what a dyno runs on, and what the next slug is made of')
    held.hangUp()
    await held.status
    await quiet(sandbox.folder, { hurry: true })
    assert.equal((await dyno(sandbox, ['slugs:prune', '--keep', '1'])).stdout.slice(0, 14), 'Removed 1 slug')
    assert.equal((await dyno(sandbox, ['slugs:prune'])).stdout, 'There is nothing to remove.\n')
    const gone = await dyno(sandbox, ['rollback', 'v2'])
    assert.match(gone.stderr, /The slug of v2 is not kept any more; choose a later release\./)
    assert.equal((await dyno(sandbox, ['run', 'cat version'])).stdout, '4\n')
  })
})
