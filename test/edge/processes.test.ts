import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Writable } from 'node:stream'
import { after, test } from 'node:test'
import { descendants, listProcesses, markedProcesses } from '../../src/edge/processes/list-processes.ts'
import { endSurvivors, signalDyno } from '../../src/edge/processes/signal-dyno.ts'
import { ended, until } from '../harness.ts'
import { bare } from './children.ts'
import { isAlive, stateOf } from './walled.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
const home = `${folder}/run.1/app`
const mark = `HOME=${home}`
mkdirSync(`${home}/below`, { recursive: true })
mkdirSync(`${folder}/run.11/app`, { recursive: true })
after(() => rmSync(folder, { recursive: true }))

/** Starts a line of sh and waits for the words it prints first. */
async function start(line: string, options: { cwd?: string; env?: Record<string, string> } = {}) {
  const env = { PATH: process.env['PATH']!, ...options.env }
  const child = spawn('sh', ['-c', line], {
    cwd: '/',
    detached: true,
    ...options,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const says = (word: string) =>
    until(
      () => text.includes(word),
      () => `never said ${word}: ${text}`,
    )
  await says('ready')
  return { child, says, pids: [...text.matchAll(/\d+/g)].map(Number) }
}

const gone = (pids: readonly number[]) =>
  until(
    () => !pids.some(isAlive),
    () => `still there: ${pids.filter(isAlive)}`,
  )

async function kill(child: ChildProcess) {
  const end = ended(child)
  process.kill(-child.pid!, 'SIGKILL')
  await end
}

const noProc = process.platform === 'linux' ? false : 'there is no /proc here'

test('every process is listed with its parent, whatever its name is', async () => {
  const { child, pids } = await start(`sh -c 'printf "a) S 1 (" >/proc/$$/comm; echo $$ ready; read x'`)
  const found = listProcesses().find(({ pid }) => pid === pids[0])
  assert.equal(found?.parent, pids[0] === child.pid ? process.pid : child.pid)
  await kill(child)
})

test('descendants are the process and all below it, parents first, without what is skipped at the top', async () => {
  const { child, pids } = await start(`sh -c 'sleep 1000 & echo $$ $! ready; wait' & wait`)
  const [middle, last] = pids
  assert.deepEqual(descendants(child.pid!, 0), [child.pid, middle, last])
  assert.deepEqual(descendants(child.pid!, 2), [last])
  assert.deepEqual(descendants(child.pid!, 3), [])
  await kill(child)
})

test('marked is who has the mark or works in the folder, and nobody else', async () => {
  const line = 'echo $$ ready; read x'
  const marked = await start(line, { env: { HOME: home } })
  const inside = await start(line, { cwd: `${home}/below` })
  const neighbour = await start(line, {
    cwd: `${folder}/run.11/app`,
    env: { HOME: `${folder}/run.11/app`, OTHER: mark },
  })
  assert.deepEqual(markedProcesses(mark).sort(), [marked.child.pid, inside.child.pid].sort())
  for (const { child } of [marked, inside, neighbour]) await kill(child)
})

test('a signal reaches every process of the dyno but ours', async () => {
  const line = `trap 'echo ours-got-it' TERM
    sh -c 'trap "echo child" TERM; setsid sh -c "trap \\"echo grandchild; exit\\" TERM; echo ready; while :; do sleep 0.05; done" & wait; wait; echo on' &
    wait; wait; wait; echo over`
  const { child, says } = await start(line)
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  assert.equal(signalDyno({ ...bare('sh'), ours: 1 }, child.pid!, 15), true)
  await says('grandchild')
  await says('child\n')
  await says('over')
  assert.doesNotMatch(text, /ours-got-it/)
})

test('a signal for a dyno that has no process yet is not lost but refused', async () => {
  const { child } = await start('echo ready; read x')
  assert.equal(signalDyno({ ...bare('sh'), ours: 1 }, child.pid!, 15), false)
  assert.ok(isAlive(child.pid!))
  await kill(child)
})

test('a signal for a dyno that is still a fork of ours, which ignores it, is not lost but refused', {
  skip: noProc,
}, async () => {
  const script = 'trap "" TERM; { read x; trap - TERM; exec sleep 98755; } <&3 & wait'
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const walled = { ...bare('sh'), ours: 1, mark: null }
  await until(
    () => descendants(child.pid!, 1).length === 1,
    () => 'never forked',
  )
  assert.equal(signalDyno(walled, child.pid!, 15), false)
  ;(child.stdio[3] as Writable).end('go\n')
  await until(
    () => signalDyno(walled, child.pid!, 15),
    () => 'never had a signal',
  )
  await ended(child)
})

test('a hang-up lets a stopped process go on', async () => {
  const { child, says } = await start(
    "trap 'echo hup; exit' HUP; echo ready; kill -STOP $$; while :; do sleep 0.05; done",
  )
  await until(
    () => stateOf(child.pid!) === 'T',
    () => 'it never stopped',
  )
  signalDyno(bare('sh'), child.pid!, 1)
  await says('hup')
})

test('survivors end: orphans, sessions of their own, ignored signals, and clean environments inside the folder', async () => {
  const orphan = await start('trap "" TERM HUP; setsid sleep 1000 & echo $! $$ ready; wait', {
    env: { HOME: home },
  })
  const clean = await start('env -i setsid sleep 1000 & echo $! ready; wait', { cwd: `${home}/below` })
  const stranger = await start('echo ready; read x', { cwd: `${folder}/run.11/app` })
  await endSurvivors({ mark })
  await gone([...orphan.pids, ...clean.pids, orphan.child.pid!, clean.child.pid!])
  assert.ok(isAlive(stranger.child.pid!))
  await kill(stranger.child)
})

test('where the kernel ends what is left, nobody is looked for', async () => {
  const { child } = await start('echo ready; read x', { cwd: home })
  await endSurvivors({ mark: null })
  assert.ok(isAlive(child.pid!))
  await kill(child)
})

test('a shell in front of its program hears SIGTERM when that has cleaned up, and goes no further', async () => {
  const program = `node -e 'process.once("SIGTERM", () => setTimeout(() => (console.log("cleaned"), process.exit()), 100)); setInterval(() => {}, 9e8); console.log("ready")'`
  const { child, says } = await start(`${program}; echo further`)
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const end = ended(child)
  assert.ok(signalDyno({ ...bare('sh'), ours: 0, mark: null }, child.pid!, 15))
  await says('cleaned')
  assert.deepEqual(await end, [null, 'SIGTERM'])
  assert.doesNotMatch(text, /further/)
})

test('processes are listed, measured and ended where no more files can be opened', {
  skip: noProc,
}, async () => {
  const from = (path: string) => new URL(`../../src/edge/${path}`, import.meta.url)
  const { child } = await start('echo ready; exec sleep 98881', { env: { HOME: home } })
  const end = ended(child)
  const program = `import { openSync } from 'node:fs'
    import { listeningPorts } from '${from('ports/listening-ports.ts')}'
    import { usageOf } from '${from('processes/measure-usage.ts')}'
    import { endSurvivors } from '${from('processes/signal-dyno.ts')}'
    try { for (;;) openSync('/dev/null') } catch {}
    const said = [usageOf({ mark: null, ours: 0 }, process.pid).memory > 0, listeningPorts().size]
    await endSurvivors({ mark: '${mark}' })
    console.log(...said)`
  const line = 'ulimit -n 60; exec "$0" --input-type=module -e "$1"'
  const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, program])
  assert.equal(String(stdout), 'true 0\n', String(stderr))
  assert.deepEqual(await end, [null, 'SIGKILL'])
})
