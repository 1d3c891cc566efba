import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  BIN,
  clientOf,
  dyno,
  ended,
  kill,
  leadersOf,
  nobodySleeps,
  openSandbox,
  pidsOf,
  quiet,
  reads,
  type Sandbox,
  sitDown,
  sleepers,
  startDyno,
  until,
} from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('misbehaving')
})
after(() => sandbox.close())

const GONE = ' !    The manifold is gone, and its dynos with it; run the command again.\n'
const HUNG_UP = 'Client connection closed. Sending SIGHUP to all processes'

const manifold = () => pidsOf(sandbox.folder, /__manifold/)[0]!
const leader = () => leadersOf(sandbox.folder)[0]!

async function startReady(words: string[], env: Record<string, string> = {}) {
  const child = startDyno(sandbox, ['run', ...words], { env })
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  await reads(child, 'ready\n')
  return { child, name: () => /run\.\d+/.exec(stderr)![0], stderr: () => stderr, ended: ended(child) }
}

// The log is read from its file: what is written there was not made up by a reader.
async function logOf(name: string): Promise<string> {
  return (await dyno(sandbox, ['logs', '-p', name])).stdout
}

function logSays(name: string, text: string): Promise<string> {
  const tail = startDyno(sandbox, ['logs', '-t', '-p', name])
  return reads(tail, text).finally(() => tail.kill('SIGINT'))
}

test('SIGTERM to a `dyno run` without a terminal stops the one-off, status 143', async () => {
  const run = await startReady(['forker', '98765'])
  assert.equal(sleepers(98765).length, 2)
  run.child.kill('SIGTERM')
  assert.deepEqual(await run.ended, [143, null])
  assert.deepEqual(sleepers(98765), [])
  assert.match(
    await logOf(run.name()),
    /Stopping all processes with SIGTERM\n.*Process exited with status 143\n/,
  )
})

test('a program that tidies up after SIGTERM is waited for, and its status counts', async () => {
  const run = await startReady(['slow-exit', '0.3', '5'])
  const tidied = reads(run.child, 'cleaned up\n')
  run.child.kill('SIGTERM')
  assert.match(await tidied, /cleaning up\ncleaned up\n/)
  assert.deepEqual(await run.ended, [5, null])
})

test('SIGINT and SIGQUIT to a `dyno run` without a terminal are passed on', async () => {
  const run = await startReady(['signals'])
  for (const name of ['SIGINT', 'SIGQUIT'] as const) {
    const told = reads(run.child, `got ${name}\n`)
    run.child.kill(name)
    await told
  }
  run.child.kill('SIGTERM')
  assert.deepEqual(await run.ended, [0, null])
  const plain = await startReady(['echo ready; exec sleep 98766'])
  plain.child.kill('SIGINT')
  assert.deepEqual(await plain.ended, [130, null])
  assert.deepEqual(sleepers(98766), [])
})

test('SIGTERM to a `dyno run` on a terminal is passed on too, and the terminal is given back', async () => {
  const person = sitDown(sandbox, ['-c', '"$0" run slow-exit 0.1 6; echo left $?; stty -a', BIN], {
    file: '/bin/bash',
  })
  await person.sees('ready\n')
  kill(pidsOf(sandbox.folder, clientOf('run slow-exit'))[0]!, 'SIGTERM')
  await person.sees('left 6\n')
  await person.sees(/ icanon .* echo /s)
  assert.equal(await person.status, 0)
})

test('SIGHUP to `dyno run` hangs up on the one-off and all it started', async () => {
  const run = await startReady(['forker', '98767'])
  run.child.kill('SIGHUP')
  assert.deepEqual(await run.ended, [129, null])
  await logSays(run.name(), 'State changed from up to complete')
  assert.match(await logOf(run.name()), new RegExp(`${HUNG_UP}\n.*Process exited with status 129\n`))
  assert.deepEqual(sleepers(98767), [])
})

test('SIGKILL of `dyno run` hangs up on the one-off', async () => {
  const run = await startReady(['forker', '98768'])
  run.child.kill('SIGKILL')
  assert.deepEqual(await run.ended, [null, 'SIGKILL'])
  await logSays(run.name(), 'State changed from up to complete')
  assert.deepEqual(sleepers(98768), [])
})

test('a closed terminal hangs up on the one-off', async () => {
  const person = sitDown(sandbox, ['run', 'signals'])
  const [, name] = await person.sees(/up, (run\.\d+)\n/)
  await person.sees('ready\n')
  person.hangUp()
  await logSays(name!, HUNG_UP)
  await dyno(sandbox, ['ps:stop', name!])
  const shell = sitDown(sandbox, ['run', 'bash'])
  const [, second] = await shell.sees(/up, (run\.\d+)\n/)
  await shell.sees('~ $ ')
  shell.type('sleep 98769 & sleep 98769\r')
  await until(
    () => sleepers(98769).length === 2,
    () => 'never slept',
  )
  shell.hangUp()
  await logSays(second!, 'State changed from up to complete')
  assert.deepEqual(sleepers(98769), [])
})

test('a program that ignores SIGHUP is there until somebody stops it', async () => {
  const run = await startReady([`trap '' HUP; echo ready; while :; do sleep 98770; done`])
  run.child.kill('SIGKILL')
  await logSays(run.name(), HUNG_UP)
  assert.match(
    (await dyno(sandbox, ['ps'])).stdout,
    new RegExp(`^${run.name().replace('.', '\\.')} +stopping for \\ds`, 'm'),
  )
  assert.equal((await dyno(sandbox, ['ps:stop', run.name()])).status, 0)
  assert.deepEqual(sleepers(98770), [])
})

test('a killed manifold takes its one-offs along, says so, and the next run finds no trace of it', async () => {
  const run = await startReady(['forker', '98771'])
  const person = sitDown(sandbox, ['run', 'stubborn'])
  await person.sees('ready\n')
  const detached = await dyno(sandbox, ['run:detached', 'sleep', '98771'])
  assert.equal(detached.status, 0)
  kill(manifold(), 'SIGKILL')
  assert.deepEqual(await run.ended, [1, null])
  assert.equal(run.stderr().split('\n').slice(1).join('\n'), GONE)
  assert.equal(await person.status, 1)
  await person.sees(GONE)
  await nobodySleeps(98771)
  const next = await dyno(sandbox, ['run', 'echo', 'again'])
  assert.equal(next.stdout, 'again\n')
  await quiet(sandbox.folder)
})

test("SIGKILL of a dyno's first process ends all of the dyno, status 137", async () => {
  const run = await startReady(['forker', '98772'])
  kill(leader(), 'SIGKILL')
  assert.deepEqual(await run.ended, [137, null])
  assert.deepEqual(sleepers(98772), [])
  const person = sitDown(sandbox, ['run', 'stubborn'])
  await person.sees('ready\n')
  kill(leader(), 'SIGKILL')
  assert.equal(await person.status, 137)
})

test('a manifold that does not answer in time is said so, and the one-off never begins', async () => {
  const run = await startReady(['echo ready; cat'])
  const frozen = manifold()
  kill(frozen, 'SIGSTOP')
  const late = await dyno(sandbox, ['run', 'sleep 98773'], { env: { DYNO_CONNECT_TIMEOUT: '1' } })
  kill(frozen, 'SIGCONT')
  assert.equal(late.stdout, '')
  assert.match(
    late.stderr,
    /^(Running sleep 98773 attached to terminal\.\.\. \n)? ! {4}Timeout awaiting process\n$/,
  )
  assert.equal(late.status, 1)
  run.child.stdin!.end()
  assert.deepEqual(await run.ended, [0, null])
  // The order may have been read when the manifold woke; then it waits half a minute for a client: R13.
  const listed = JSON.parse((await dyno(sandbox, ['ps', '--json'])).stdout) as { name: string }[]
  for (const { name } of listed) {
    await dyno(sandbox, ['ps:stop', name])
    assert.doesNotMatch(await logOf(name), /heroku\[run\.\d+\]: Starting process/)
  }
  assert.deepEqual(sleepers(98773), [])
})
