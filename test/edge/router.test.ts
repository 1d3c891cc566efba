import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { answering, connected, exchange, get, last, OK, reads, standsStill, withSite } from './router-site.ts'

describe('the router, byte by byte', { concurrency: 4 }, () => {
  test('a dyno gets the request line, the headers as they were spelled, and the router’s own', () =>
    withSite(async (site) => {
      await exchange(site.port, last('/a?b=%20c', 'X-OdD: \xe4 1\r\nTE: trailers\r\nX-OdD: 2\r\n'))
      const [head] = site.heard[0]!.split('\r\n\r\n')
      const lines = head!.split('\r\n')
      assert.equal(lines[0], 'GET /a?b=%20c HTTP/1.1')
      const own = lines
        .slice(1)
        .filter((line) => !/^(Connect-Time|X-Request-Start|Total-Route-Time): \d+$/.test(line))
      assert.deepEqual(
        own,
        [
          ...['host: a.test', 'connection: keep-alive', 'X-OdD: \xe4 1', 'X-OdD: 2', 'X-Request-Id: an-id'],
          ...[
            'X-Forwarded-For: 127.0.0.1',
            'X-Forwarded-Proto: http',
            `X-Forwarded-Port: ${site.port}`,
            'Via: 1.1 vegur',
          ],
        ].sort((a, b) => own.indexOf(a) - own.indexOf(b)),
      )
      assert.equal(lines.length - 1 - own.length, 3)
    }))

  test('the client gets the status line, the headers as they were spelled, and the body as it is', () =>
    withSite(async (site) => {
      const got = await exchange(site.port, last('/'))
      assert.match(got, /^HTTP\/1\.1 299 Quite Fine\r\nX-OdD: \xe4\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n/)
      assert.match(got, /\r\nVia: 1\.1 vegur\r\n/)
      assert.equal(got.slice(got.indexOf('\r\n\r\n') + 4), '\x00\xff\r\n')
    }, answering(
      'HTTP/1.1 299 Quite Fine\r\nX-OdD: \xe4\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4\r\n\r\n\x00\xff\r\n',
    )))

  test('an absolute target is a path for the dyno, and its host counts', () =>
    withSite(async (site) => {
      await exchange(site.port, `GET http://b.test/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`)
      assert.match(site.heard[0]!, /^GET \/x HTTP\/1\.1\r\n/)
      assert.match(site.heard[0]!, /\r\nHost: b\.test\r\n/i)
      assert.doesNotMatch(site.heard[0]!, /a\.test/)
    }))

  test('a client of HTTP/1.0 gets a body that ends with the connection, never chunks', () =>
    withSite(async (site) => {
      const got = await exchange(site.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')
      assert.doesNotMatch(got, /chunked/i)
      assert.match(got, /\r\n\r\nhello$/)
    }, answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n')))

  test('an answer without length ends with the dyno’s connection', () =>
    withSite(
      async (site) => {
        const got = await exchange(site.port, last('/'))
        assert.match(got, /^HTTP\/1\.1 200 OK\r\n[\s\S]*hello/)
        assert.match(await site.nextLine(), /^at=info .*status=200 bytes=5 /)
      },
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nhello')),
    ))

  for (const status of ['204 No Content', '304 Not Modified']) {
    test(`${status} has no body and no length`, () =>
      withSite(
        async (site) => {
          const got = await exchange(site.port, last('/'))
          assert.match(got, new RegExp(`^HTTP/1\\.1 ${status}\r\n`))
          assert.match(got, /\r\n\r\n$/)
          assert.doesNotMatch(got, /content-length|transfer-encoding/i)
        },
        answering(`HTTP/1.1 ${status}\r\n\r\n`),
      ))
  }

  test('HEAD has the length of the body it leaves out, and the connection goes on', () =>
    withSite(async (site) => {
      const got = await exchange(
        site.port,
        `HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${`HEAD /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`}`,
      )
      assert.equal(got.match(/Content-Length: 1234/g)?.length, 2)
      assert.match(await site.nextLine(), /method=HEAD path="\/" .*status=200 bytes=0/)
    }, answering('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n')))

  test('trailers of an answer are handed on', () =>
    withSite(async (site) => {
      const got = await exchange(site.port, last('/'))
      assert.match(got, /\r\nTrailer: X-Sum\r\n/)
      assert.match(got, /\r\n0\r\nX-Sum: 42\r\n\r\n$/i)
    }, answering(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n',
    )))

  test('Expect: 100-continue is answered before the body is sent', () =>
    withSite(async (site) => {
      const client = connected(site)
      client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n')
      await reads(client, /^HTTP\/1\.1 100 Continue\r\n\r\n$/)
      client.write('abc')
      await reads(client, /HTTP\/1\.1 200 OK\r\n/)
      assert.match(site.heard.join(''), /\r\n\r\nabc$/)
      assert.doesNotMatch(site.heard.join(''), /expect/i)
      client.destroy()
    }))

  test('the first bytes of an answer are not kept back until there are more', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.write(get('/events'))
        await reads(client, /text\/event-stream[\s\S]*\r\n\r\n$/)
        client.destroy()
        assert.match(await site.nextLine(), /code=H27 .*status=499/)
      },
      (socket) =>
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')),
    ))

  test('a client that goes away is a dyno’s lost connection as well', () =>
    withSite(async (site) => {
      const lost = new Promise<void>((resolve) => {
        site.onConnection = (socket) => {
          socket.once('data', () => client.destroy())
          socket.once('close', () => resolve())
        }
      })
      const client = connected(site)
      client.write(get('/'))
      await lost
      assert.match(await site.nextLine(), /^sock=client at=warning code=H27 /)
    }))

  test('a slow client holds the dyno back, and no more than a megabyte waits for it', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.write(get('/big'))
        await reads(client, /\r\n\r\n/)
        client.pause()
        await standsStill(() => written)
        assert.ok(written < 40_000_000, `${written} bytes were taken`)
        client.resume()
        client.destroy()
      },
      (socket) => {
        const more = () => {
          while (socket.writable && socket.write(Buffer.alloc(65_536))) written += 65_536
        }
        socket.on('drain', more)
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n')
          more()
        })
      },
    ))
  let written = 0

  test('a body of chunks arrives as one, however it was cut', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab')
        await new Promise((resolve) => setTimeout(resolve, 50))
        client.write('c\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n')
        await reads(client, /200 OK/)
        client.destroy()
        const [head, body] = site.heard[0]!.split(/\r\n\r\n(.*)/s)
        // All of it is there before the router has loaded its other half, where that takes long: its length is known.
        assert.match(body!, /content-length: 5/i.test(head!) ? /^abcde$/ : /^([1-9]\r\n\w+\r\n)+0\r\n\r\n$/)
        assert.equal(body!.replace(/\d\r\n|\r\n/g, ''), 'abcde')
      },
      (socket) => {
        let text = ''
        socket.on('data', (chunk) => {
          text += chunk
          if (/\r\n0\r\n\r\n$|\r\n\r\nabcde$/.test(text)) socket.write(OK)
        })
      },
    ))

  test('a second request on a connection is logged and forwarded for itself', () =>
    withSite(async (site) => {
      await exchange(site.port, get('/1') + last('/2'))
      assert.match(await site.nextLine(), /path="\/1" .*bytes=2 /)
      assert.match(await site.nextLine(), /path="\/2" .*bytes=2 /)
    }))

  test('a dyno that keeps its connection gets the next request on it', () =>
    withSite(async (site) => {
      await exchange(site.port, last('/1'))
      await exchange(site.port, last('/2'))
      assert.equal(site.heard.length, 1)
    }))
})

test('a dyno that does not read holds its client back, and no more than some megabytes wait for it', () =>
  withSite(
    async (site) => {
      const client = connected(site)
      let sent = 0
      const more = (): void => {
        while (client.writable && client.write(Buffer.alloc(65_536))) sent += 65_536
      }
      client.on('drain', more)
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n')
      more()
      await standsStill(() => sent)
      assert.ok(sent < 40_000_000, `${sent} bytes were taken`)
      client.destroy()
    },
    (socket) => socket.once('data', () => socket.pause()),
  ))
