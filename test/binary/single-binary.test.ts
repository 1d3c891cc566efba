import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import test, { after, before } from 'node:test'
import { emulate } from '../emulator.ts'
import { dyno, GIVE_UP_LATER, openSandbox, ROOT, type Sandbox, sitDown } from '../harness.ts'
import { createAttached, hears, talk } from './platform-api.ts'

// The one file, alone, where there is no Node: built from this checkout, copied away from it, and run in a mount
// namespace that hides every Node and the checkout.

const BUILT = `${ROOT}/dist/dyno-${process.platform}-${process.arch}`
const skip =
  process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0
    ? false
    : 'hiding Node takes a mount namespace, and so Linux and root'

let folder = ''
before(() => {
  if (skip) return
  execFileSync(process.execPath, ['bin/build-binary.mjs'], { cwd: ROOT, stdio: 'ignore' })
  folder = mkdtempSync('/var/lib/dyno-one-file-')
  chmodSync(folder, 0o755)
  copyFileSync(BUILT, `${folder}/dyno`)
  writeFileSync(`${folder}/alone`, alone(), { mode: 0o755 })
})
after(() => folder !== '' && rmSync(folder, { recursive: true, force: true }))

function alone(): string {
  const nodes = (process.env['PATH'] ?? '').split(':').map((path) => `${path}/node`)
  const hide = [...new Set(nodes)].map(
    (path) => `if [ -e '${path}' ]; then mount --bind /dev/null '${path}'; fi`,
  )
  const empty = ['node_modules', 'dist', 'src'].map((name) => `mount -t tmpfs none '${ROOT}/${name}'`)
  const script = [...hide, ...empty, `exec ${folder}/dyno "$@"`].join('\n')
  writeFileSync(`${folder}/hide`, script)
  return `#!/bin/sh\nexec unshare -m sh -e ${folder}/hide "$@"\n`
}

// As `dyno` of the sandbox, but for the program.
const inSandbox = (sandbox: Sandbox): Sandbox => ({
  ...sandbox,
  prefix: ['sh', '-c', `shift; exec ${folder}/alone "$@"`, 'sh'],
})

const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

test('the single binary is of a size that can be carried, and the same whenever it is built', {
  skip,
}, () => {
  const isStripped = spawnSync('strip', ['--version']).status === 0 // binutils may be missing: the build says so
  assert.ok(statSync(`${folder}/dyno`).size <= (isStripped ? 120e6 : 155e6))
  execFileSync(process.execPath, ['bin/build-binary.mjs'], { cwd: ROOT, stdio: 'ignore' })
  assert.equal(digestOf(BUILT), digestOf(`${folder}/dyno`))
})

test('without Node it runs one-offs with and without a terminal, checks, and packs', { skip }, async (t) => {
  const sandbox = openSandbox({ Procfile: 'web: sleep 100\n' })
  t.after(() => sandbox.close())
  const one = inSandbox(sandbox)
  const ran = await dyno(one, ['run', 'pwd; node -v 2>&- || echo none; exit 7'])
  assert.deepEqual([ran.status, ran.stdout], [7, '/app\nnone\n'], ran.stderr)
  const person = sitDown(sandbox, ['run', 'bash'], { file: `${folder}/alone` })
  await person.sees(/up, run\.\d+\n~ \$ $/)
  person.type('tty && exit 3\r')
  await person.sees(/\/dev\//)
  assert.equal(await person.status, 3)
  assert.equal((await dyno(one, ['check'])).stdout, 'Procfile: nothing found\n')
  assert.match((await dyno(one, ['version'])).stdout, /^dyno \d/)
  const [addon, ...more] = readdirSync(`${sandbox.folder}/cache/dyno/native`)
  assert.match(addon!, /^[0-9a-f]{64}\.node$/)
  assert.deepEqual(more, [])
})

test('the Platform API is there too: a one-off by rendezvous, and one by SSH', { skip }, async (t) => {
  const sandbox = openSandbox({ Procfile: 'web: sleep 100\n' })
  t.after(() => sandbox.close())
  const one = inSandbox(sandbox)
  const { stdout } = await dyno(one, ['api', '--env'])
  const { href, pathname } = await createAttached(stdout, 'echo $DYNO')
  const rendezvous = talk(href, `${pathname.slice(1)}\r\n`)
  t.after(rendezvous.end)
  await hears(rendezvous, /^rendezvous\r\nrun\.\d+\n$/)
  await dyno(one, ['api', '--close'])
  const second = await dyno(one, ['api', '--env', '--attach', 'ssh'])
  const tunnel = await createAttached(second.stdout, 'true')
  const head = `GET ${tunnel.pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`
  const ssh = talk(tunnel.href, head)
  t.after(ssh.end)
  await hears(ssh, /^HTTP\/1\.1 101 /)
  ssh.say('SSH-2.0-test\r\n')
  await hears(ssh, /\r\nSSH-2\.0-/)
  await dyno(one, ['down'])
})

test('what NODE_OPTIONS says is for the app, and neither ends nor changes the single binary', {
  skip,
}, async (t) => {
  const sandbox = openSandbox({ Procfile: 'web: sleep 100\n' })
  t.after(() => sandbox.close())
  const env = { ...sandbox.env, NODE_OPTIONS: '--no-such-option' }
  const one = inSandbox({ ...sandbox, env })
  const { status, stdout, stderr } = await dyno(one, ['run', '--inherit-env', 'echo $NODE_OPTIONS'])
  assert.deepEqual([status, stdout], [0, '--no-such-option\n'], stderr)
})

test('dyno demo is complete there, on a terminal, though its app is written for Node', {
  skip,
}, async (t) => {
  const sandbox = openSandbox({})
  t.after(() => sandbox.close())
  const size = { columns: 100, rows: 30 }
  const person = sitDown(sandbox, ['demo', '-p', sandbox.env['PORT']!], { file: `${folder}/alone`, ...size })
  const screen = emulate(person, size.columns, size.rows)
  await screen.shows(/3 of 3 up[\s\S]* 1 of 6 {2}Press r/)
  await screen.shows(/widgets 1\.4\.2 listening on port/)
  person.type('rbash\r')
  await screen.shows(/ 2 of 6 [\s\S]*~ \$ /)
  person.type('exit\r')
  await screen.shows(/ 3 of 6 /)
  person.type('\x1b[B') // leaves the terminal that has ended
  await screen.shows(/› ● /)
  person.type('\x03')
  await person.status
  const plain = await dyno(inSandbox(sandbox), ['demo', '--plain', '-p', sandbox.env['PORT']!], {
    ...{ cwd: sandbox.app, giveUp: GIVE_UP_LATER },
  })
  assert.match(
    plain.stdout,
    /worker\.1\]: Process exited with status 137\n[\s\S]*That is the model\./,
    plain.stderr,
  )
  assert.equal(plain.status, 0)
})

test('the black-box tests of the other build pass with it as well: DYNO_BIN says which program they are of', {
  skip,
}, () => {
  const files = ['config', 'config-files'].map((name) => `test/cli/${name}.test.ts`)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...env, DYNO_BIN: `${folder}/alone` },
  })
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^# pass [5-9]\d*$/m)
})
