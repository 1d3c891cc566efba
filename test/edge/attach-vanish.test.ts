import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FRAME } from '../../src/core/wire/frame.ts'
import { until } from '../harness.ts'
import { type Client, type Dyno, openAttach } from './attach-site.ts'
import { askTunnel, openSsh } from './attach-tunnel.ts'

const isTold = (dyno: Dyno) =>
  until(
    () => dyno.closed > 0,
    () => 'never told',
  )

// Long enough for a second word, if there were one.
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 50))

const WAYS: readonly (readonly [how: string, leave: (client: Client) => void])[] = [
  ['is destroyed', ({ socket }) => socket.destroy()],
  ['is reset', (client) => client.reset()],
  ['ends its half', ({ socket }) => socket.end()],
]

describe('clients that vanish', { concurrency: 4 }, () => {
  for (const [how, leave] of WAYS) {
    test(`a client that ${how} at any stage is told of once`, async (t) => {
      const site = await openAttach(t)
      const early = site.client('early\r\n')
      const before = await site.dyno('early')
      leave(early)
      await isTold(before)
      before.up() // to nobody
      before.prints('hello?')
      before.exits(0)

      const greeted = site.client('greeted\r\n')
      const dyno = await site.dyno('greeted')
      dyno.up()
      dyno.prints('much '.repeat(100_000))
      await greeted.reads(/rendezvous/)
      leave(greeted)
      await isTold(dyno)

      const over = site.client('over\r\n')
      const last = await site.dyno('over')
      last.up()
      last.prints('much '.repeat(1_000_000))
      last.exits(0)
      await over.reads(/rendezvous/)
      leave(over)
      await isTold(last)

      await aWhile()
      assert.deepEqual(
        [before, dyno, last].map(({ closed }) => closed),
        [1, 1, 1],
      )
    })
  }

  test('a client that vanishes behind a dyno that takes no input is told of', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    client.socket.write('x'.repeat(100_000), () => client.socket.destroy())
    await isTold(dyno)
    assert.deepEqual(dyno.frames, [])
    dyno.wire.resume()
    await aWhile()
    assert.equal(dyno.closed, 1)
    assert.deepEqual(dyno.frames, [])
  })

  for (const [how, leave] of WAYS) {
    test(`a client that has said more than is kept for its dyno, and ${how}, is told of`, async (t) => {
      const site = await openAttach(t, { isPaused: true })
      const client = site.client('token\r\n')
      const dyno = await site.dyno()
      dyno.up()
      client.socket.write('x'.repeat(1_500_000), () => leave(client))
      await until(
        () => {
          dyno.prints('')
          return dyno.closed > 0
        },
        () => 'never told',
      )
      await aWhile()
      assert.equal(dyno.closed, 1)
      assert.deepEqual(dyno.frames, [])
    })
  }

  test('of a client that never ends a part is kept, and all of it comes in the end', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.up()
    const text = 'abcdefghij'.repeat(4_000_000)
    client.socket.write(text)
    for (let i = 0; i < 100; i++) {
      dyno.prints('')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.ok(client.socket.writableLength > 0)
    dyno.wire.resume()
    await until(
      () => dyno.frames.reduce((sum, { payload }) => sum + payload.length, 0) === text.length,
      () => 'not all came',
    )
    assert.equal(dyno.input(), text)
    assert.equal(dyno.closed, 0)
  })

  test('a client that does not go when its dyno has gone is put out in the end', async (t) => {
    const site = await openAttach(t, { idle: 300 })
    const client = site.client('token\r\n')
    client.socket.allowHalfOpen = true
    const dyno = await site.dyno()
    dyno.up()
    dyno.exits(0)
    await client.reads(/rendezvous/)
    const talk = setInterval(() => client.socket.write('still here'), 10)
    t.after(() => clearInterval(talk))
    await until(
      () => client.socket.closed,
      () => 'still there',
    )
    assert.equal(dyno.closed, 1)
    assert.equal(dyno.has(FRAME.stdin), false)
  })

  test('a tunnel that is left at any stage harms nobody', async (t) => {
    const site = await openAttach(t)
    for (const words of [undefined, 'SSH-2', 'SSH-2.0-x\r\n', 'SSH-2.0-x\r\n\0\0\x01', 'SSH-2.0-x\r\n\0']) {
      for (const how of ['destroy', 'end'] as const) {
        const { tunnel } = await askTunnel(site.port, 'token')
        tunnel!.on('error', () => {})
        if (words === undefined) tunnel![how]()
        else tunnel!.write(words, 'latin1', () => tunnel![how]())
        await until(
          () => tunnel!.resume().closed,
          () => 'still open',
        )
      }
    }
    const ssh = await openSsh(t, site, { token: 'good' })
    ;(await site.dyno('good')).exits(3)
    assert.equal(await ssh.exits(), 3)
  })

  test('an ssh that is killed is told of once, whatever its dyno does', async (t) => {
    const site = await openAttach(t)
    const quiet = await openSsh(t, site, { token: 'quiet' })
    const loud = await openSsh(t, site, { token: 'loud' })
    const dynos = [await site.dyno('quiet'), await site.dyno('loud')]
    for (const dyno of dynos) dyno.up()
    for (let i = 0; i < 200; i++) dynos[1]!.prints('x'.repeat(50_000))
    quiet.kill()
    loud.kill()
    for (const dyno of dynos) await isTold(dyno)
    for (const dyno of dynos) dyno.exits(0)
    await aWhile()
    assert.deepEqual(
      dynos.map(({ closed }) => closed),
      [1, 1],
    )
  })

  test('an ssh that is killed anywhere in its beginning harms nobody', async (t) => {
    const site = await openAttach(t)
    for (let i = 0; i < 12; i++) {
      const ssh = await openSsh(t, site, { token: `begin${i}` })
      await new Promise((resolve) => setTimeout(resolve, i * 15))
      ssh.kill()
      await ssh.exits()
    }
    const ssh = await openSsh(t, site, { token: 'good' })
    ;(await site.dyno('good')).exits(4)
    assert.equal(await ssh.exits(), 4)
  })
})
