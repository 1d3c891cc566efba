import assert from 'node:assert/strict'
import test from 'node:test'
import { FRAME } from '../../src/core/wire/frame.ts'
import { openFakeClient, openFakeManifold } from './fake-client.ts'
import { settle } from './fake-edges.ts'

test('a client hears that its one-off is up, then its output, then its exit, and then the end', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  assert.deepEqual(client.got('up'), [{ name: 'run.1' }])
  world.child('run.1').say('out')
  world.child('run.1').say('err', 'stderr')
  world.child('run.1').exit({ how: 'code', code: 3 })
  await settle()
  assert.deepEqual([client.read('stdout'), client.read('stderr')], ['out', 'err'])
  assert.deepEqual(client.got('exit'), [{ status: 3 }])
  assert.ok(client.isEnded())
})

test('the exit is told only when the filesystem is gone', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  world.child('run.1').exit({ how: 'signal', signal: 9 })
  assert.deepEqual(client.got('exit'), [])
  await settle()
  assert.deepEqual(client.got('exit'), [{ status: 137 }])
  assert.equal(world.done.at(-1), 'discard run.1')
})

test('a client that stops reading pauses its one-off, and nothing is lost', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  const child = world.child('run.1')
  client.readReady(false)
  for (let i = 0; i < 100; i++) child.say(`${i}\n`)
  assert.ok(child.isPaused())
  assert.equal(client.read('stdout'), '0\n')
  child.exit({ how: 'code', code: 0 })
  await settle()
  assert.deepEqual(client.got('exit'), [])
  client.readReady(true)
  await settle()
  assert.equal(client.read('stdout'), [...Array(100).keys()].map((i) => `${i}\n`).join(''))
  assert.deepEqual(client.got('exit'), [{ status: 0 }])
})

test('input that comes before the one-off is there waits on the wire and is then handed over', async () => {
  const { world, create, api } = openFakeManifold()
  world.holdEnclosing = true
  const { attach_url: url } = await create({ attach: true })
  const client = openFakeClient()
  client.send(FRAME.stdin, 'first ')
  api.attach(url!, () => client.wire)
  await settle()
  client.send(FRAME.stdin, 'second')
  client.send(FRAME.stdinEnd, '')
  assert.ok(client.isPaused())
  world.holdEnclosing = false
  await settle()
  assert.equal(world.child('run.1').heard(), 'first second')
  assert.ok(world.child('run.1').inputEnded())
})

test('a one-off that stops reading pauses the wire until it reads again', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  const child = world.child('run.1')
  child.readReady(false)
  client.send(FRAME.stdin, 'a')
  assert.ok(client.isPaused())
  client.send(FRAME.stdin, 'b')
  assert.equal(child.heard(), 'a')
  child.readReady(true)
  assert.ok(!client.isPaused())
  assert.equal(child.heard(), 'ab')
})

test('a client that is not read from is written to now and then, since only that shows whether it is there', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  const child = world.child('run.1')
  const before = client.writes()
  await world.advance(5000)
  assert.equal(client.writes(), before)
  child.readReady(false)
  client.send(FRAME.stdin, 'a')
  await world.advance(5000)
  assert.equal(client.writes(), before + 5)
  assert.equal(client.read('stdout'), '')
  child.readReady(true)
  await world.advance(5000)
  assert.equal(client.writes(), before + 5)
})

for (const end of ['the client hangs up', 'the one-off ends']) {
  test(`nothing is written to a client any more once ${end}`, async () => {
    const { world, attach } = openFakeManifold()
    const client = await attach()
    world.child('run.1').readReady(false)
    client.send(FRAME.stdin, 'a')
    if (end === 'the client hangs up') client.hangUp()
    else world.child('run.1').exit({ how: 'code', code: 0 })
    await settle()
    const before = client.writes()
    await world.advance(5000)
    assert.equal(client.writes(), before)
  })
}

test('what comes after the end is read and dropped, so that the connection can close', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  const child = world.child('run.1')
  child.readReady(false)
  client.send(FRAME.stdin, 'a')
  child.exit({ how: 'code', code: 0 })
  await settle()
  client.send(FRAME.stdin, 'b')
  client.sendBytes(new TextEncoder().encode('no frame at all'))
  assert.ok(!client.isPaused())
  assert.equal(child.heard(), 'a')
})

test('a frame that comes in pieces is one frame', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  for (const byte of [FRAME.stdin, 0, 0, 0, 2, 104, 105]) client.sendBytes(Uint8Array.of(byte))
  assert.equal(world.child('run.1').heard(), 'hi')
})

test('a client that hangs up lets a paused one-off write on, so that it can end', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach()
  const child = world.child('run.1')
  client.readReady(false)
  child.say('a')
  assert.ok(child.isPaused())
  client.hangUp()
  assert.ok(!child.isPaused())
  child.say('b'.repeat(100_000))
  assert.ok(!child.isPaused())
  assert.equal(client.read('stdout'), 'a')
  assert.ok(world.done.includes('signal run.1 1'))
})

test('a client hangs up once, however often its connection says so', async () => {
  const { world, attach, logged } = openFakeManifold()
  const client = await attach()
  client.hangUp()
  client.hangUp()
  assert.equal(world.done.filter((line) => line === 'signal run.1 1').length, 1)
  assert.equal(logged().filter((line) => line.includes('Client connection closed')).length, 1)
})

test('a client that leaves before its one-off is up has it hung up as soon as it is there', async () => {
  const { world, create, api } = openFakeManifold()
  world.holdEnclosing = true
  const { attach_url: url } = await create({ attach: true })
  const client = openFakeClient()
  api.attach(url!, () => client.wire)
  client.hangUp()
  world.holdEnclosing = false
  await settle()
  assert.deepEqual(world.done.slice(-2), ['spawn run.1', 'signal run.1 1'])
  assert.deepEqual(client.got('up'), [])
})

test('the terminal has the size the client asked for, and every size it sends after', async () => {
  const { world, attach } = openFakeManifold()
  const client = await attach({ force_no_tty: false, terminal: { columns: 132, rows: 43 } })
  const child = world.child('run.1')
  assert.deepEqual(child.terminal, { columns: 132, rows: 43 })
  client.sendJson(FRAME.resize, { columns: 100, rows: 30 })
  client.sendJson(FRAME.resize, { columns: 'x' })
  assert.deepEqual(child.sizes, [
    { columns: 100, rows: 30 },
    { columns: 80, rows: 24 },
  ])
})

test('a signal the client was sent goes to the one-off, and SIGTERM stops it', async () => {
  const { world, attach, logged } = openFakeManifold()
  const client = await attach()
  client.sendJson(FRAME.signal, 2)
  assert.equal(world.done.at(-1), 'signal run.1 2')
  assert.ok(!logged().some((line) => line.includes('Stopping')))
  client.sendJson(FRAME.signal, 15)
  assert.equal(world.done.at(-1), 'signal run.1 15')
  assert.ok(logged().some((line) => line.includes('Stopping all processes with SIGTERM')))
})

const GARBAGE: readonly (readonly [says: string, bytes: Uint8Array])[] = [
  ['no frame', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')],
  ['no JSON', Uint8Array.of(FRAME.resize, 0, 0, 0, 1, 0x7b)],
  ['no size', Uint8Array.of(FRAME.resize, 0, 0, 0, 4, ...new TextEncoder().encode('null'))],
  ['no signal', Uint8Array.of(FRAME.signal, 0, 0, 0, 3, ...new TextEncoder().encode('"x"'))],
  ['signal 0', Uint8Array.of(FRAME.signal, 0, 0, 0, 1, 0x30)],
  ['signal -9', Uint8Array.of(FRAME.signal, 0, 0, 0, 2, 0x2d, 0x39)],
]

for (const [says, bytes] of GARBAGE) {
  test(`a client that sends what is ${says} is hung up on, and the manifold goes on`, async () => {
    const { world, attach, create } = openFakeManifold()
    const client = await attach()
    client.sendBytes(bytes)
    assert.ok(client.isEnded())
    assert.deepEqual(
      world.done.filter((line) => line.startsWith('signal')),
      ['signal run.1 1'],
    )
    assert.equal((await create()).name, 'run.2')
  })
}
