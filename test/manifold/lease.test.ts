import assert from 'node:assert/strict'
import test from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { FRAME } from '../../src/core/wire/frame.ts'
import { bodyOf, openFakeClient, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

/** A manifold whose formation, one worker, is held by a client. */
async function held(parts: Record<string, unknown> = {}) {
  const fake = openFakeManifold()
  const body = {
    stack: { slug: SLUG, process_types: { worker: 'node worker.js' } },
    ...{ port: 5000, updates: [{ type: 'worker', quantity: 1 }], lease: true, ...parts },
  }
  const start = (other: Record<string, unknown> = {}) =>
    fake.ask('POST', '/apps/widgets/formation', { body: { ...body, ...other } })
  const answer = await start()
  const url = (bodyOf(answer) as { attach_url: string }).attach_url
  const client = openFakeClient()
  const take = () => fake.api.attach(url, () => client.wire)
  await settle()
  const signals = () => fake.world.done.filter((line) => line.startsWith('signal'))
  const exit = async (code: number) => {
    fake.world.child('worker.1').exit({ how: 'code', code })
    await settle()
    await settle()
  }
  return { ...fake, start, answer, client, take, signals, exit }
}

test('a formation lives as long as the connection of its client', async () => {
  const { client, take, signals, world } = await held()
  take()
  await world.advance(3_600_000)
  assert.deepEqual(signals(), [])
  client.hangUp()
  assert.deepEqual(signals(), ['signal worker.1 15'])
})

test('a formation whose client does not come is let go after 30 seconds', async () => {
  const { signals, world } = await held()
  await world.advance(29_999)
  assert.deepEqual(signals(), [])
  await world.advance(1)
  assert.deepEqual(signals(), ['signal worker.1 15'])
})

test('a formation whose client left before it heard of it is let go', async () => {
  const { answer, signals } = await held()
  assert.ok('unheard' in answer)
  answer.unheard!()
  assert.deepEqual(signals(), ['signal worker.1 15'])
})

test('a signal asks the formation to end, and a second one kills it', async () => {
  const { client, take, signals, exit } = await held()
  take()
  client.sendJson(FRAME.signal, 2)
  assert.deepEqual(signals(), ['signal worker.1 15'])
  client.sendJson(FRAME.signal, 2)
  assert.deepEqual(signals(), ['signal worker.1 15', 'signal worker.1 9'])
  await exit(137)
  assert.deepEqual(client.got('exit'), [{ status: null }])
  assert.ok(client.isEnded())
})

test('a client may leave a formation to itself, and after that has no hold on it', async () => {
  const { client, take, signals, manifold, world } = await held()
  take()
  client.sendJson(FRAME.leave, null)
  assert.ok(client.isEnded())
  client.hangUp()
  await world.advance(3_600_000)
  assert.deepEqual(signals(), [])
  assert.ok(manifold.formed()?.held)
})

test('a client that waits is told for whom, and for how long', async () => {
  const { client, take, world } = await held()
  take()
  client.sendJson(FRAME.signal, 2)
  await world.advance(6000)
  assert.equal(
    client.read('stderr'),
    ['29', '24']
      .map((left) => `Waiting for worker.1: SIGKILL in ${left} s, or at once with Ctrl-C.`)
      .join(''),
  )
})

test('the client gets the status of the first dyno that failed', async () => {
  const { client, take, exit } = await held()
  take()
  await exit(7)
  await exit(3)
  client.sendJson(FRAME.signal, 15)
  await exit(0)
  assert.deepEqual(client.got('exit'), [{ status: 7 }])
})

test('with exit_on_crash the first end is the end, and its status the client’s', async () => {
  const { client, take, exit, manifold } = await held({ exit_on_crash: true })
  take()
  await exit(0)
  assert.deepEqual(client.got('exit'), [{ status: 0 }])
  assert.equal(manifold.formed(), null)
})

test('a client that speaks no frames holds nothing', async () => {
  const { client, take, signals } = await held()
  take()
  client.sendBytes(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))
  assert.deepEqual(signals(), ['signal worker.1 15'])
})

test('when the manifold is closed its holder hears the end', async () => {
  const { client, take, manifold, exit, world } = await held()
  take()
  manifold.close()
  await exit(143)
  await world.advance(0)
  assert.deepEqual(client.got('exit'), [{ status: null }])
})

test('who comes for a formation that has ended meanwhile is told so', async () => {
  const { take, exit, manifold } = await held({ exit_on_crash: true })
  await exit(3)
  assert.equal(manifold.formed(), null)
  assert.throws(take, (error) => error instanceof Problem && error.code === 'not-found')
})

test('who comes late for a formation has no hold on the next one', async () => {
  const { start, take, exit, client, signals } = await held({ exit_on_crash: true })
  await exit(3)
  await start({ lease: false })
  await settle()
  assert.throws(take, (error) => error instanceof Problem && error.code === 'not-found')
  assert.deepEqual([signals(), client.writes()], [[], 0])
})

test('who never comes for a formation, or never heard of it, lets no later one go', async () => {
  const { start, answer, exit, signals, world, manifold } = await held({ exit_on_crash: true })
  await exit(3)
  await start({ lease: false })
  assert.ok('unheard' in answer)
  answer.unheard!()
  await world.advance(60_000)
  assert.deepEqual(signals(), [])
  assert.ok(manifold.formed()?.held)
})

test('a signal that comes after the end asks no later formation to end', async () => {
  const { start, take, exit, client, signals, manifold } = await held({ exit_on_crash: true })
  take()
  await exit(3)
  await start({ lease: false })
  await settle()
  client.sendJson(FRAME.signal, 2)
  assert.deepEqual(signals(), [])
  assert.ok(manifold.formed()?.held)
})
