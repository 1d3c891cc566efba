import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, suite, test } from 'node:test'
import { usageOf } from '../../src/edge/processes/measure-usage.ts'
import { ended, until } from '../harness.ts'
import { bare } from './children.ts'
import { openPlace, USERS } from './walled.ts'

const MB = 1024 * 1024

/** Fills so much memory, says so, and stays. */
const filler = (megabytes: number) =>
  `const full = Buffer.alloc(${megabytes} * 1024 * 1024, 1); console.log('full'); setInterval(() => full, 1e6)`

const started: ChildProcess[] = []
after(() => Promise.all(started.map(kill)))

async function start(file: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(file, args, {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH']!, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  started.push(child)
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const full = (times: number) =>
    until(
      () => text.split('full').length > times,
      () => `it never filled its memory: ${text}`,
    )
  return { child, full }
}

async function kill(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = ended(child)
  process.kill(-child.pid!, 'SIGKILL')
  await end
}

const within = (bytes: number | undefined, low: number, high: number) =>
  assert.ok(
    bytes !== undefined && bytes > low * MB && bytes < high * MB,
    `${bytes} is not ${low} to ${high} MB`,
  )

test('the memory of a dyno is that of its first process and all below it', async () => {
  const node = `${process.execPath} -e "$0"`
  const { child, full } = await start('sh', ['-c', `${node} & ${node} & wait`, filler(100)])
  await full(2)
  within(usageOf(bare('sh'), child.pid!)?.memory, 200, 450)
  await kill(child)
})

test('our own processes at the top do not count', async () => {
  const { child, full } = await start(process.execPath, ['-e', filler(100)])
  await full(1)
  within(usageOf(bare('sh'), child.pid!)?.memory, 100, 250)
  assert.equal(usageOf({ ...bare('sh'), ours: 1 }, child.pid!), undefined)
  await kill(child)
})

test('the processor time of a dyno is that of all its processes, of those that ended as well', async () => {
  const busy = 'for ((i = 0; i < 300000; i++)); do :; done'
  const { child, full } = await start('bash', [
    '--norc',
    '-c',
    `(${busy}); ${busy}; bash -c '${busy}; echo full; read x' & read x; wait`,
  ])
  await full(1)
  const { user, system } = process.cpuUsage()
  const { cpu } = usageOf(bare('sh'), child.pid!)!
  assert.ok(cpu > 0.2 && cpu < 60, `${cpu} s, and ours ${(user + system) / 1e6} s`)
  await kill(child)
})

test('what processes share counts once', async () => {
  const line = `printf -v x '%050000000d' 0; for i in 1 2 3; do (echo full; kill -STOP $BASHPID) & done; wait`
  const { child, full } = await start('bash', ['--norc', '-c', line])
  await full(3)
  within(usageOf(bare('sh'), child.pid!)?.memory, 45, 150)
  await kill(child)
})

test('a dyno that is over has no memory', async () => {
  const { child } = await start('true', [])
  await ended(child)
  assert.equal(usageOf(bare('sh'), child.pid!), undefined)
})

test('within folder walls, who left the first process counts too', async () => {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
  const home = `${folder}/run.1/app`
  mkdirSync(home, { recursive: true })
  const walled = { ...bare('sh'), mark: `HOME=${home}` }
  const first = await start('sh', ['-c', 'read x'], { HOME: home })
  const left = await start(process.execPath, ['-e', filler(100)], { HOME: home })
  await left.full(1)
  within(usageOf(walled, first.child.pid!)?.memory, 100, 250)
  for (const { child } of [first, left]) await kill(child)
  rmSync(folder, { recursive: true })
})

for (const user of USERS) {
  suite(`a dyno within full walls built by ${user}`, () => {
    const place = openPlace(user, 'full')
    after(() => place.close())

    test('has the memory of its own processes, wherever they went', async () => {
      const dyno = place.start(`setsid "$NODE" -e "$FILLER" & wait`, {
        environment: { NODE: process.execPath, FILLER: filler(100) },
      })
      await dyno.says(/full/)
      const walled = { ...bare('sh'), ours: 2 }
      within(usageOf(walled, await dyno.pid)?.memory, 100, 250)
      const all = usageOf({ ...walled, ours: 0 }, await dyno.pid)!.memory
      assert.ok(all > usageOf(walled, await dyno.pid)!.memory)
      dyno.signal(9)
      await dyno.outcome
    })
  })
}
