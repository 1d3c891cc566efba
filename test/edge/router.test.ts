import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { answering, exchange, OK, openSite, type TestSite } from './router-site.ts'

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${headers}\r\n`
const last = (path: string, headers = '') => get(path, `Connection: close\r\n${headers}`)

async function withSite(
  body: (site: TestSite) => Promise<void>,
  onConnection: (socket: Socket) => void = answering(OK),
  settings: Parameters<typeof openSite>[0] = {},
): Promise<void> {
  const site = await openSite(settings)
  site.onConnection = onConnection
  try {
    await body(site)
  } finally {
    await site.close()
  }
}

/** Reads from a connection until it matches. */
function reads(socket: Socket, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (pattern.test(text)) resolve(text)
    })
    socket.once('close', () => reject(new Error(`closed before ${pattern}: ${text}`)))
  })
}

const connected = (site: TestSite): Socket => connect(site.port, '127.0.0.1').on('error', () => {})

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
        const body = site.heard[0]!.slice(site.heard[0]!.indexOf('\r\n\r\n') + 4)
        assert.match(body, /^([1-9]\r\n\w+\r\n)+0\r\n\r\n$/)
        assert.equal(body.replace(/\d\r\n|\r\n/g, ''), 'abcde')
      },
      (socket) => {
        let text = ''
        socket.on('data', (chunk) => {
          text += chunk
          if (text.endsWith('\r\n0\r\n\r\n')) socket.write(OK)
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

/** Resolves when a count has not changed for some time. */
async function standsStill(count: () => number): Promise<void> {
  let before = -1
  while (before !== count()) {
    before = count()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
