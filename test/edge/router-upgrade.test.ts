import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { answering, connected, exchange, get, last, reads, withSite } from './router-site.ts'

const upgrade = (path = '/ws', more = '') =>
  get(path, `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n${more}`)
const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n'

describe('other protocols through the router', { concurrency: 4 }, () => {
  test('a WebSocket is joined, with what either side sent early, and logged when it ends', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.write(`${upgrade()}early`)
        const text = await reads(client, /\r\n\r\nhello\[early\]$/)
        assert.match(
          text,
          /^HTTP\/1\.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n/,
        )
        client.write('later')
        await reads(client, /\[later\]/)
        client.end()
        assert.match(
          await site.nextLine(),
          /^at=info method=GET path="\/ws" .*dyno=web\.1 .*status=101 bytes=19 /,
        )
        assert.match(site.heard[0]!, /\r\nupgrade: websocket\r\n/i)
        assert.match(site.heard[0]!, /\r\nSec-WebSocket-Key: k\r\n/)
      },
      (socket) => {
        socket.once('data', (head) => {
          const [, rest] = head.toString().split('\r\n\r\n')
          socket.write(`${SWITCH}hello`)
          if (rest) socket.write(`[${rest}]`)
          socket.on('data', (chunk) => socket.write(`[${chunk}]`))
          socket.on('end', () => socket.end())
        })
      },
    ))

  test('a dyno that refuses an upgrade has its own answer handed on', () =>
    withSite(async (site) => {
      const got = await exchange(site.port, upgrade('/no'))
      assert.match(got, /^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*\r\n\r\nnever$/)
      assert.match(await site.nextLine(), /^at=info .*path="\/no" .*status=403 bytes=5 /)
    }, answering('HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnever')))

  test('a dyno that closes instead of switching is H13', () =>
    withSite(
      async (site) => {
        assert.match(await exchange(site.port, upgrade()), /^HTTP\/1\.1 503 Service Unavailable\r\n/)
        assert.match(await site.nextLine(), /code=H13 .*status=503/)
      },
      (socket) => socket.once('data', () => socket.destroy()),
    ))

  test('a dyno that dies ends the client’s WebSocket', () =>
    withSite(
      async (site) => {
        await exchange(site.port, upgrade())
        assert.match(await site.nextLine(), /status=101/)
      },
      (socket) => socket.once('data', () => socket.write(SWITCH, () => socket.destroy())),
    ))

  test('one side may end and still hear the other', () =>
    withSite(
      async (site) => {
        const client = connect({ port: site.port, host: '127.0.0.1', allowHalfOpen: true })
        client.write(upgrade())
        await reads(client, /\r\n\r\n$/)
        client.end('the end')
        await reads(client, /all of it: the end$/)
      },
      (socket) => {
        socket.allowHalfOpen = true
        let text = ''
        socket.once('data', () => {
          socket.write(SWITCH)
          socket.on('data', (chunk) => (text += chunk))
          socket.on('end', () => socket.end(`all of it: ${text}`))
        })
      },
    ))

  test('a WebSocket on which nothing moves is ended as idle', () =>
    withSite(
      async (site) => {
        assert.match(await exchange(site.port, upgrade()), /101 Switching/)
        assert.match(await site.nextLine(), /code=H15 desc="Idle connection"/)
      },
      (socket) => socket.once('data', () => socket.write(SWITCH)),
      { idle: 300 },
    ))

  test('an offer of HTTP/2 is not taken up: the request is an ordinary one', () =>
    withSite(async (site) => {
      const got = await exchange(
        site.port,
        last('/', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n'),
      )
      assert.match(got, /^HTTP\/1\.1 200 OK\r\n/)
      assert.doesNotMatch(site.heard[0]!, /h2c|HTTP2-Settings/i)
    }))
})
