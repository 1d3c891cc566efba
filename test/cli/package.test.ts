import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import { openSandbox, ROOT, type Sandbox, writeFiles } from '../harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'dyno-pack-'))
after(() => rmSync(folder, { recursive: true, force: true }))

type Packed = { readonly filename: string; readonly files: readonly { path: string; mode: number }[] }

// Without scripts: dist/ is built, and other tests run what is in it.
const output = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
const [packed] = JSON.parse(output) as [Packed]
execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
const unpacked = `${folder}/package`
const bin = `${unpacked}/bin/dyno`

function runs(sandbox: Sandbox, ...args: string[]) {
  return spawnSync(bin, args, { cwd: sandbox.app, env: sandbox.env, encoding: 'utf8' })
}

test('the package holds the program, what is built, the demo app and what a person reads, and no source', () => {
  const paths = packed.files.map(({ path }) => path)
  const built = paths.filter((path) => path.startsWith('dist/'))
  const demo = paths.filter((path) => path.startsWith('fixtures/apps/widgets/'))
  assert.deepEqual(
    paths.filter((path) => !built.includes(path) && !demo.includes(path)),
    ['LICENSE', 'Procfile.example', 'README.md', 'bin/dyno', 'package.json'],
  )
  const modules = readdirSync(`${ROOT}/dist`).filter((name) => name.endsWith('.mjs'))
  for (const name of modules) assert.ok(built.includes(`dist/${name}`), name)
  assert.deepEqual(
    built.filter((path) => !path.endsWith('.mjs')),
    ['dist/dyno.1', 'dist/index.d.ts'],
  )
  assert.ok(demo.includes('fixtures/apps/widgets/Procfile'))
})

test('of what is packed bin/dyno can be run', () => {
  assert.equal(packed.files.find(({ path }) => path === 'bin/dyno')!.mode & 0o111, 0o111)
})

test('no script runs when the package is installed', () => {
  const { scripts } = JSON.parse(readFileSync(`${unpacked}/package.json`, 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const name of ['preinstall', 'install', 'postinstall']) assert.equal(scripts[name], undefined)
})

test('npm puts the manual page where man finds it', () => {
  const { man } = JSON.parse(readFileSync(`${unpacked}/package.json`, 'utf8')) as { man: unknown }
  assert.deepEqual(man, ['dist/dyno.1']) // a text that is no list is ignored by npm 11
})

test('without a Node that is new enough the package says what to do', () => {
  writeFiles(`${folder}/old`, { node: '#!/bin/sh\nexit 1\n' })
  const { stderr, status } = spawnSync(bin, ['--version'], {
    env: { PATH: `${folder}/old` },
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  assert.equal(
    stderr,
    'dyno: no Node 24.11 or newer was found; install dyno again without --omit=optional, which brings one, or put one on PATH.\n',
  )
})

test('what is packed runs --version, help, check and a one-off', async (t) => {
  symlinkSync(`${ROOT}/node_modules`, `${unpacked}/node_modules`)
  const sandbox = openSandbox({ Procfile: 'worker: node worker.js\n', 'worker.js': '' })
  t.after(() => sandbox.close())
  assert.match(runs(sandbox, '--version').stdout, /^dyno \d+\.\d+\.\d+ /)
  assert.match(runs(sandbox, 'help').stdout, /^Usage: dyno COMMAND/)
  const checked = runs(sandbox, 'check')
  assert.deepEqual([checked.stdout, checked.status], ['Procfile: nothing found\n', 0])
  const ran = runs(sandbox, 'run', 'true')
  assert.match(ran.stderr, /up, run\.1/)
  assert.equal(ran.status, 0)
})

test('what is packed runs through a link, as npm makes one', (t) => {
  const sandbox = openSandbox({ Procfile: 'web: node server.js\n' })
  t.after(() => sandbox.close())
  mkdirSync(`${folder}/links`)
  symlinkSync('../package/bin/dyno', `${folder}/links/dyno`)
  const { stdout } = spawnSync(`${folder}/links/dyno`, ['--version'], { env: sandbox.env, encoding: 'utf8' })
  assert.match(stdout, /^dyno /)
})
