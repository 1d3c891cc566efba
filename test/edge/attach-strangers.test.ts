import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { serveAttach } from '../../src/edge/attach/serve-attach.ts'
import { until } from '../harness.ts'
import { type AttachSite, CERTIFICATE, openAttach } from './attach-site.ts'
import { askTunnel } from './attach-tunnel.ts'

/** A connection without TLS. */
function plain(t: TestContext, { port }: AttachSite): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}).resume()
  t.after(() => socket.destroy())
  return socket
}

const ended = (socket: { readonly closed: boolean }) =>
  until(
    () => socket.closed,
    () => 'still open',
  )

/** The port is as good as ever. */
async function stillServes(site: AttachSite, token = 'good'): Promise<void> {
  const client = site.client(`${token}\r\n`)
  const dyno = await site.dyno(token)
  dyno.up()
  await client.reads(/rendezvous/)
  dyno.exits(0)
  await client.ends()
}

describe('the attach port', { concurrency: 4 }, () => {
  test('who does not speak TLS is shown the door', async (t) => {
    const site = await openAttach(t)
    const random = plain(t, site)
    random.write(randomBytes(100_000))
    const http = plain(t, site)
    http.write('GET /token HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
    const hello = plain(t, site)
    hello.write(Buffer.from('160301020001000001fc0303', 'hex'))
    hello.write(randomBytes(600))
    for (const socket of [random, http, hello]) await ended(socket)
    assert.deepEqual(site.asked, [])
    await stillServes(site)
  })

  test('a client with another TLS than ours is refused', async (t) => {
    const site = await openAttach(t)
    const old = connectTls({
      port: site.port,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
    })
    old.on('error', () => {})
    await ended(old)
    const trusting = connectTls({ port: site.port, host: '127.0.0.1' }) // not ours
    trusting.on('error', () => {})
    await ended(trusting)
    await stillServes(site)
  })

  test('connections that are reset in the middle of a handshake harm nobody', async (t) => {
    const site = await openAttach(t)
    for (const bytes of [0, 1, 5, 100, 300]) {
      const through = plain(t, site)
      await new Promise((resolve) => through.once('connect', resolve))
      const client = connectTls({ socket: through, rejectUnauthorized: false })
      client.on('error', () => {})
      await until(
        () => through.bytesWritten >= bytes,
        () => 'never wrote',
      )
      through.resetAndDestroy()
    }
    await stillServes(site)
  })

  test('who says nothing, or never ends, has to go after a while', async (t) => {
    const site = await openAttach(t, { patience: 300 })
    const silent = site.client()
    const half = site.client('toke')
    const never = plain(t, site)
    const endless = site.client('GET /token HTTP/1.1\r\nHost: x\r\n')
    await Promise.all([silent.ends(), half.ends(), endless.ends(), ended(never)])
    const { tunnel } = await askTunnel(site.port, 'token')
    await ended(tunnel!.resume())
    const { tunnel: slow } = await askTunnel(site.port, 'token')
    slow!.write('SSH-2.0-slow\r\n')
    await ended(slow!.on('error', () => {}).resume())
    await stillServes(site)
  })

  test('a line or a head that is too long is not read to its end', async (t) => {
    const site = await openAttach(t)
    const line = site.client('x'.repeat(100_000))
    const head = site.client(`GET /token HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`)
    await Promise.all([line.ends(), head.ends()])
    assert.deepEqual(site.asked, [])
    const { tunnel } = await askTunnel(site.port, 'token')
    tunnel!.on('error', () => {}).write('x'.repeat(1000))
    await ended(tunnel!.resume())
  })

  test('of many that show no token the oldest make room, and those with a dyno stay', async (t) => {
    const site = await openAttach(t)
    const guest = site.client('guest\r\n')
    const dyno = await site.dyno('guest')
    const crowd = Array.from({ length: 100 }, () => plain(t, site))
    await until(
      () => crowd.filter(({ closed }) => closed).length >= 36,
      () => 'all may stay',
    )
    await stillServes(site)
    dyno.up()
    await guest.reads(/rendezvous/)
  })

  test('a tunnel is for known tokens and the right question', async (t) => {
    const site = await openAttach(t)
    assert.deepEqual(await askTunnel(site.port, 'nobody'), { status: 404, length: '0' })
    assert.deepEqual(await askTunnel(site.port, 'token', {}), { status: 404, length: '0' })
    const ws = { Connection: 'Upgrade', Upgrade: 'websocket' }
    assert.equal((await askTunnel(site.port, 'token', ws)).tunnel, undefined)
    assert.equal((await askTunnel(site.port, '')).status, 404)
    const post = site.client('POST /token HTTP/1.1\r\nUpgrade: tcp\r\n\r\n')
    await post.reads(/^HTTP\/1\.1 404 /)
    assert.deepEqual(site.asked, ['nobody'])
    const known = await askTunnel(site.port, 'token?and=more')
    assert.equal(known.status, 101)
    assert.deepEqual(site.asked, ['nobody', 'token'])
    known.tunnel!.destroy()
  })

  test('who does not speak SSH in a tunnel is shown the door', async (t) => {
    const site = await openAttach(t)
    const lines = ['HELLO\r\n', 'SSH-1.5-old\r\n', 'SSH-2.0-x\r\n', 'SSH-2.0-x\n', 'SSH-2.0-x\r\n\xff\xff']
    for (const line of lines) {
      const { tunnel } = await askTunnel(site.port, 'token')
      tunnel!.on('error', () => {}).resume()
      tunnel!.write(line, 'latin1')
      tunnel!.write(randomBytes(50_000))
      await ended(tunnel!)
    }
    await stillServes(site)
  })

  test('a port that is taken and a key that is none are told of', async (t) => {
    const site = await openAttach(t)
    const taken = { port: site.port, certificate: CERTIFICATE, hostKey: CERTIFICATE.key }
    await assert.rejects(serveAttach({ ...taken, meet: () => undefined }), { code: 'EADDRINUSE' })
    await assert.rejects(serveAttach({ ...taken, port: 0, hostKey: 'no key', meet: () => undefined }))
  })
})
