import assert from 'node:assert/strict'
import test from 'node:test'
import { FRAME } from '../../src/core/wire/frame.ts'
import { bodyOf, openFakeClient, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

/** A manifold whose formation is one worker. */
async function started({ holdEnclosing = false } = {}) {
  const fake = openFakeManifold()
  fake.world.holdEnclosing = holdEnclosing
  const stack = { slug: SLUG, process_types: { worker: 'node worker.js' } }
  const body = { stack, port: 5000, updates: [{ type: 'worker', quantity: 1 }] }
  await fake.ask('POST', '/apps/widgets/formation', { body })
  await settle()
  return fake
}

test('a client that looks on sees the output while the log keeps filling, and what it types is the dyno’s', async () => {
  const { ask, api, world, logged } = await started()
  const join = async () => {
    const answer = await ask('POST', '/apps/widgets/dynos/worker.1/actions/attach')
    const client = openFakeClient()
    api.attach((bodyOf(answer) as { attach_url: string }).attach_url, () => client.wire)
    await settle()
    return client
  }
  const [one, two] = [await join(), await join()]
  const worker = world.child('worker.1')
  worker.say('\x1b[2Jready\n')
  one.send(0, 'ls\r')
  await settle()
  assert.deepEqual([one.read('stdout'), two.read('stdout')], ['\x1b[2Jready\n', '\x1b[2Jready\n'])
  assert.equal(worker.heard(), 'ls\r')
  one.hangUp()
  worker.say('more\n')
  await settle()
  assert.equal(two.read('stdout'), '\x1b[2Jready\nmore\n')
  assert.ok(logged().includes('app[worker.1]: more'))
  assert.ok(!world.done.some((line) => line.startsWith('signal')))
})

test('a client that does not read holds no dyno back, and is told how much it missed', async () => {
  const { ask, api, world } = await started()
  const answer = await ask('POST', '/apps/widgets/dynos/worker.1/actions/attach')
  const client = openFakeClient()
  api.attach((bodyOf(answer) as { attach_url: string }).attach_url, () => client.wire)
  await settle()
  const worker = world.child('worker.1')
  client.readReady(false)
  worker.say('one\n')
  worker.say('two\n')
  assert.ok(!worker.isPaused())
  client.readReady(true)
  worker.say('three\n')
  assert.equal(client.read('stdout'), 'one\n\r\n[4 bytes missed]\r\nthree\n')
})

test('a client that looks on before the dyno is there types to it when it is', async () => {
  const { ask, api, world } = await started({ holdEnclosing: true })
  const answer = await ask('POST', '/apps/widgets/dynos/worker.1/actions/attach')
  const client = openFakeClient()
  api.attach((bodyOf(answer) as { attach_url: string }).attach_url, () => client.wire)
  client.send(FRAME.stdin, 'early\r')
  await settle()
  assert.deepEqual(client.got('up'), [])
  world.holdEnclosing = false
  await settle()
  assert.deepEqual(client.got('up'), [{ name: 'worker.1' }])
  assert.equal(world.child('worker.1').heard(), 'early\r')
  client.hangUp()
  assert.ok(!world.child('worker.1').inputEnded())
})

test('nobody can look on at a one-off: its terminal is its client’s', async () => {
  const { ask, create } = await started()
  await create({ attach: true })
  const answer = await ask('POST', '/apps/widgets/dynos/run.1/actions/attach')
  assert.match((bodyOf(answer) as { message: string }).message, /run\.1 is a one-off/)
})

test('a command runs within the walls of a dyno, and its end is the client’s alone', async () => {
  const { ask, api, world, manifold } = await started()
  const body = { command: 'ps aux', attach: true, force_no_tty: true }
  const answer = await ask('POST', '/apps/widgets/dynos/worker.1', { body })
  const client = openFakeClient()
  api.attach((bodyOf(answer) as { attach_url: string }).attach_url, () => client.wire)
  await settle()
  assert.ok(world.done.includes('enter worker.1'))
  world.child('worker.1').say('PID TTY\n')
  world.child('worker.1').exit({ how: 'code', code: 3 })
  await settle()
  assert.equal(client.read('stdout'), 'PID TTY\n')
  assert.deepEqual(client.got('exit'), [{ status: 3 }])
  assert.equal(manifold.dynos()[0]!.state.is, 'up')
  assert.ok(!world.done.includes('discard worker.1'))
})
