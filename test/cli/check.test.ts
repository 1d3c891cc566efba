import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import test from 'node:test'
import type { Finding } from '../../src/core/check/finding.ts'
import { dyno, ended, type Finished, openSandbox, reads, startDyno, writeFiles } from '../harness.ts'

type Files = Readonly<Record<string, string>>

async function check(
  files: Files,
  args: readonly string[] = [],
  input?: string,
): Promise<Finished & { app: string }> {
  const sandbox = openSandbox({ ...files })
  const finished = await dyno(sandbox, ['check', ...args], {
    cwd: sandbox.app,
    ...(input === undefined ? {} : { input }),
  })
  await sandbox.close()
  return { ...finished, app: sandbox.app }
}

const GOOD = { Procfile: 'web: node server.js\n', 'server.js': 'listen(PORT)\n' }

test('an app in order has nothing found, with status 0', async () => {
  const { status, stdout, stderr } = await check({
    ...GOOD,
    '.env': 'A=1\n',
    'app.json': '{"formation": {"web": {"quantity": 1}}}',
  })
  assert.deepEqual([status, stdout, stderr], [0, 'Procfile, .env, app.json: nothing found\n', ''])
})

test('an error is told with place, rule, line, caret and what to do, and the status is 1', async () => {
  const { status, stdout } = await check({ Procfile: 'ok: sleep 1\nweb : node server.js\n' })
  assert.equal(
    stdout,
    'Procfile:2:4 error blank-before-colon Delete the blank before the colon.\n  web : node server.js\n     ^\nProcfile: 1 error\n',
  )
  assert.equal(status, 1)
})

test('a warning leaves the status at 0, and --strict makes it an error', async () => {
  const files = { Procfile: 'web:sleep 1\n' }
  const [mild, strict] = [await check(files), await check(files, ['--strict'])]
  assert.match(mild.stdout, /^Procfile:1:5 warning no-blank-after-colon /)
  assert.match(strict.stdout, /^Procfile:1:5 error no-blank-after-colon /)
  assert.deepEqual([mild.status, strict.status], [0, 1])
})

test('findings are coloured where colours are wanted', async (t) => {
  const sandbox = openSandbox({ Procfile: 'web:sleep 1\n' })
  t.after(() => sandbox.close())
  const coloured = async (env: Record<string, string>, args: string[] = []) =>
    (await dyno({ ...sandbox, env: { ...sandbox.env, ...env } }, ['check', ...args])).stdout.includes(
      '\u001b[',
    )
  assert.equal(await coloured({ FORCE_COLOR: '1' }), true)
  assert.equal(await coloured({ FORCE_COLOR: '1' }, ['--no-color']), false)
  assert.equal(await coloured({ FORCE_COLOR: '1', HEROKU_COLOR: '0' }), false)
})

test('programs, scripts, .slugignore, profile scripts and app.json are held against the Procfile and the folder', async () => {
  const files = {
    Procfile: 'web: node nothing.js\na: ./plain\nb: bin/out\nc: npm run nope\n',
    plain: 'x',
    'bin/out': '#!/bin/sh\n',
    'package.json': '{"scripts": {"start": "x"}}',
    '.slugignore': 'bin\n!keep\n',
    '.profile.d/a.sh': 'export A=1\r\n',
    '.profile.d/b': 'exit 1\n',
    'app.json': '{\n  "formation": {\n    "wrker": {"quantity": 1}\n  }\n}\n',
  }
  const { stdout } = await check(files, ['--json'])
  const { findings } = JSON.parse(stdout) as { findings: Finding[] }
  assert.deepEqual(
    findings.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`),
    [
      'Procfile:1:11 missing-file',
      'Procfile:2:4 not-executable',
      'Procfile:3:4 left-out-file',
      'Procfile:4:12 missing-npm-script',
      '.slugignore:2:1 negated-pattern',
      'app.json:3:5 formation-type',
      '.profile.d/a.sh:1:11 profile-carriage-returns',
      '.profile.d/b:1:1 profile-not-sourced',
      '.profile.d/b:1:1 profile-exits',
    ],
  )
})

test('a folder from outside, several files at once and standard input are checked, each under its name', async () => {
  const files = { 'x/Procfile': 'web\n', 'Procfile.dev': 'web: sleep 1\n', 'sample.env': 'A\n' }
  const { stdout } = await check(files, ['x', 'Procfile.dev', 'sample.env'])
  assert.match(stdout, /^x\/Procfile:1:4 error no-colon /)
  assert.match(stdout, /^sample\.env:1:1 error no-equals /m)
  assert.match(stdout, /x\/Procfile, Procfile\.dev, sample\.env: 2 errors\n$/)
  assert.match((await check({}, ['-'], 'web\n')).stdout, /^Procfile:1:4 error no-colon /)
})

test('a folder, a pipe, a device, a binary, a large file and one that is not there cost a sentence each and no time', async () => {
  const sandbox = openSandbox({ binary: '', 'large.env': '', 'd/x': '' })
  writeFileSync(`${sandbox.app}/binary`, Buffer.from([0x7f, 0x45, 0xff, 0xfe, 0]))
  truncateSync(`${sandbox.app}/large.env`, 100_000_000)
  spawnSync('mkfifo', [`${sandbox.app}/fifo`])
  symlinkSync('loop', `${sandbox.app}/loop`)
  const { status, stdout, stderr } = await dyno(
    sandbox,
    ['check', 'binary', 'large.env', 'fifo', '/dev/zero', 'gone', 'loop'],
    { cwd: sandbox.app },
  )
  const lines = stdout.trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => line.replace(/ unreadable (\S+ \S+ \S+).*/, ' $1')),
    [
      'binary:1:3 error This is no',
      'large.env:1:1 error This file has',
      'fifo:1:1 error This is a',
      '/dev/zero:1:1 error This is a',
      'gone:1:1 error There is no',
      'loop:1:1 error This link leads',
      '6 files: 6 errors',
    ],
  )
  assert.deepEqual([status, stderr], [1, ''])
  const folder = await dyno(sandbox, ['check', 'd'], { cwd: sandbox.app })
  assert.deepEqual([folder.status, folder.stdout], [1, ''])
  assert.match(folder.stderr, /There is no Procfile in d; write one/)
  await sandbox.close()
})

test('a file that may not be read is one sentence to an ordinary user', async () => {
  const sandbox = openSandbox(GOOD, { ordinary: true })
  chmodSync(`${sandbox.app}/Procfile`, 0)
  const { status, stdout } = await dyno(sandbox, ['check', 'Procfile'], { cwd: sandbox.app })
  assert.equal(
    stdout,
    'Procfile:1:1 error unreadable You may not read this file. Give yourself permission to.\nProcfile: 1 error\n',
  )
  assert.equal(status, 1)
  await sandbox.close()
})

test('without a Procfile the sentence says which file is nearly one', async () => {
  const { status, stderr } = await check({ procfile: 'web: x\n' }, ['.'])
  assert.equal(status, 1)
  assert.match(stderr, /There is no Procfile in \.; rename procfile to Procfile, as Heroku wants it\./)
})

test('--github writes an annotation for each finding, and --sarif a log of one run', async () => {
  const files = { Procfile: 'web:sleep 1\nbad\n' }
  const github = await check(files, ['--github'])
  assert.match(github.stdout, /^::warning file=Procfile,line=1,col=5,title=no-blank-after-colon::Put a blank/)
  assert.match(github.stdout, /^::error file=Procfile,line=2,col=4,title=no-colon::/m)
  const sarif = await check(files, ['--sarif'])
  const { version, runs } = JSON.parse(sarif.stdout) as {
    version: string
    runs: { results: { ruleId: string }[] }[]
  }
  assert.deepEqual(
    [version, runs.length, runs[0]!.results.map(({ ruleId }) => ruleId)],
    ['2.1.0', 1, ['no-blank-after-colon', 'no-colon']],
  )
  assert.deepEqual([github.status, sarif.status], [1, 1])
})

test('--explain-readers shows below a finding what everybody makes of its line', async () => {
  const { stdout } = await check({ Procfile: 'web:sleep 1\n' }, ['--explain-readers'])
  assert.match(stdout, / {4}classic Heroku {2}finds no process types\n {4}Heroku Fir {6}web runs sleep 1\n/)
  assert.match(
    stdout,
    / {4}foreman {9}web runs sleep 1\n {4}overmind {8}finds no process types\n {4}dyno {12}web runs sleep 1\n/,
  )
})

test('--fix shows the change, writes it, keeps permissions and links, and leaves what is not safe', async () => {
  const sandbox = openSandbox({
    real: '\uFEFFweb:sleep 1\r\n\tb: sleep 2\r\nbad\r\n',
    '.env': 'TOKEN=12345678abc\r\n',
  })
  chmodSync(`${sandbox.app}/real`, 0o640)
  symlinkSync('real', `${sandbox.app}/Procfile`)
  const { status, stdout } = await dyno(sandbox, ['check', '--fix'], { cwd: sandbox.app })
  assert.equal(readFileSync(`${sandbox.app}/real`, 'utf8'), 'web: sleep 1\nb: sleep 2\nbad\n')
  assert.equal(statSync(`${sandbox.app}/real`).mode & 0o777, 0o640)
  assert.match(
    stdout,
    /^--- Procfile\n\+\+\+ Procfile\n@@ -1,3 \+1,3 @@\n-<BOM>web:sleep 1␍\n-→b: sleep 2␍\n-bad␍\n\+web: sleep 1\n/,
  )
  assert.match(stdout, /^-TOKEN=•+␍\n\+TOKEN=•+$/m)
  assert.match(stdout, /^Procfile:3:4 error no-colon /m)
  assert.equal(status, 1)
  await sandbox.close()
})

test('--fix of a file that may not be written says so and leaves it as it was', async () => {
  const sandbox = openSandbox({ 'd/Procfile': 'web:sleep 1\n' }, { ordinary: true })
  chmodSync(`${sandbox.app}/d`, 0o555)
  const { status, stderr } = await dyno(sandbox, ['check', '--fix', 'd/Procfile'], { cwd: sandbox.app })
  assert.equal(status, 1)
  assert.match(stderr, /d\/Procfile cannot be written \(EACCES\) and is as it was/)
  assert.equal(readFileSync(`${sandbox.app}/d/Procfile`, 'utf8'), 'web:sleep 1\n')
  await sandbox.close()
})

test('--watch checks again at every save, and Ctrl-C ends it with status 0', async (t) => {
  const sandbox = openSandbox({ Procfile: 'web:sleep 1\n' })
  t.after(() => sandbox.close())
  const child = startDyno(sandbox, ['check', '--watch'], { cwd: sandbox.app })
  const over = ended(child)
  await reads(child, /no-blank-after-colon/)
  // Until it watches there is nothing to see, so it is saved until that is seen.
  const saving = setInterval(() => writeFiles(sandbox.app, { Procfile: 'web: sleep 1\n' }), 300)
  t.after(() => clearInterval(saving))
  await reads(child, /Procfile: nothing found/)
  clearInterval(saving)
  child.kill('SIGINT')
  assert.deepEqual(await over, [0, null])
})

test('a rule is explained, all are listed, and one that is not there is a wrong word', async () => {
  const sandbox = openSandbox({})
  mkdirSync(`${sandbox.app}/empty`)
  const explain = await dyno(sandbox, ['check', '--explain', 'no-blank-after-colon'])
  assert.match(
    explain.stdout,
    /^no-blank-after-colon \(warning\)\n\n.*\n\n[\s\S]*Wrong:\n {2}web:node[\s\S]*Right:\n {2}web: node/,
  )
  const all = await dyno(sandbox, ['check', '--rules'])
  assert.ok(all.stdout.split('\n').length > 50)
  const none = await dyno(sandbox, ['check', '--explain', 'nope'])
  assert.deepEqual([explain.status, all.status, none.status], [0, 0, 2])
  assert.match(none.stderr, /There is no rule 'nope'; dyno check --rules lists them\./)
  const both = await dyno(sandbox, ['check', '--json', '--sarif'])
  assert.deepEqual(
    [both.status, both.stderr],
    [2, ' !    --json and --sarif do not go together; choose one.\n'],
  )
  await sandbox.close()
})
