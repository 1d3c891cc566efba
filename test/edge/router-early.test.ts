import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connected, get, reads, type TestSite, withSite } from './router-site.ts'

describe('a dyno that answers before it has read all', { concurrency: 3 }, () => {
  const upload = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n'
  const tooBig = 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbig\n'

  const uploading = (site: TestSite) => {
    const client = connected(site)
    client.write(upload)
    const more = (): void => {
      while (client.writable && client.write(Buffer.alloc(65_536)));
    }
    client.on('drain', more)
    more()
    return client
  }

  test('and closes is heard all the same', () =>
    withSite(
      async (site) => {
        const client = uploading(site)
        assert.match(await reads(client, /big\n$/), /^HTTP\/1\.1 413 Payload Too Large\r\n/)
        assert.match(await site.nextLine(), /^at=info method=POST .*status=413 bytes=4 /)
        client.destroy()
      },
      (socket) => socket.once('data', () => socket.end(tooBig, () => socket.destroy())),
    ))

  test('and resets the connection without an answer is H13, and the client hears of it', () =>
    withSite(
      async (site) => {
        const client = uploading(site)
        assert.match(await reads(client, /\nSee why/), /^HTTP\/1\.1 503 Service Unavailable\r\n/)
        assert.match(await site.nextLine(), /code=H13 .*status=503/)
        client.destroy()
      },
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
    ))

  const answered = {
    'leaves then': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello',
    'goes on with no chunk': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  }
  for (const [says, request] of Object.entries(answered)) {
    test(`has answered: a client that ${says} has sent no other request`, () =>
      withSite(
        async (site) => {
          const client = connected(site)
          client.write(request)
          await reads(client, /big$/)
          const isClosed = new Promise((resolve) => client.once('close', resolve))
          client.end(says === 'leaves then' ? 'more' : 'GET / HTTP/1.1\r\n\r\n')
          await isClosed
          connected(site).end(get('/next'))
          assert.match(await site.nextLine(), /^at=info method=POST .*status=413 bytes=3 /)
          assert.match(await site.nextLine(), /method=GET path="\/next"/)
        },
        (socket) => {
          socket.once('data', () =>
            socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig'),
          )
        },
      ))
  }
})
