import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { answering, connected, exchange, get, last, OK, reads, withSite } from './router-site.ts'

const upgrade = get('/ws', 'Connection: Upgrade\r\nUpgrade: x\r\n')
const slowly = (answer: string) => (socket: import('node:net').Socket) => {
  socket.once('data', () => setTimeout(() => socket.write(answer), 150))
}

describe('what a router does not see every day', { concurrency: 4 }, () => {
  for (const [says, second] of [
    ['an upgrade', upgrade],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ] as const) {
    test(`${says} behind a request that has no answer yet is refused when that has its own`, () =>
      withSite(async (site) => {
        const got = await exchange(site.port, get('/first') + second)
        assert.match(got, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nokHTTP\/1\.1 400 Bad Request\r\n/)
        assert.match(await site.nextLine(), /^at=info .*path="\/first" .*status=200/)
        assert.match(await site.nextLine(), /code=H26 .*status=400/)
        assert.equal(site.heard.length, 1)
      }, slowly(OK)))
  }

  test('a request that cannot be read does no harm to the one before it, and is answered after it', () =>
    withSite(async (site) => {
      const client = connected(site)
      client.write(get('/good'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      client.write('GET /bad HTTP/1.1\r\nHost: a\rb\r\n\r\n')
      await reads(client, /\r\n\r\nokHTTP\/1\.1 400 Bad Request\r\n/)
      assert.match(await site.nextLine(), /^at=info .*path="\/good" .*status=200/)
      assert.match(await site.nextLine(), /cause="bad header" method=GET path="\/bad" .*status=400/)
    }, slowly(OK)))

  test('a bad request on a connection that was used before is answered with 400', () =>
    withSite(async (site) => {
      const client = connected(site)
      client.write(get('/good'))
      await reads(client, /ok$/)
      client.write('GET /bad HTTP/1.1\r\nHost: a\rb\r\n\r\n')
      await reads(client, /HTTP\/1\.1 400 Bad Request\r\n/)
    }))

  test('a client that goes in the midst of its upload has left, and sent no bad chunk', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello')
        assert.match(await site.nextLine(), /^sock=client at=warning code=H27 .*method=POST .*status=499/)
      },
      () => {},
    ))

  test('a refused upgrade is over when its answer is out, whatever the client does then', () =>
    withSite(async (site) => {
      const client = connected(site)
      client.allowHalfOpen = true
      client.write(upgrade)
      await reads(client, /\r\n\r\nno$/)
      assert.match(await site.nextLine(), /^at=info .*status=404 bytes=2 /)
      client.destroy()
    }, answering('HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno')))

  const answers: readonly (readonly [says: string, answer: string, expected: RegExp, line: RegExp])[] = [
    [
      'a 304 that names a length is whole',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nETag: "a"\r\n\r\n',
      /^HTTP\/1\.1 304 Not Modified\r\n/,
      /^at=info .*status=304 bytes=0/,
    ],
    [
      'a reason that no status line may have is made one',
      'HTTP/1.1 200 Gr\xfc\x01\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 (200|503) .*\r\n/,
      /status=(200|503)/,
    ],
    [
      'a reason in UTF-8 passes',
      'HTTP/1.1 200 \xe2\x82\xac\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 .*\r\n[\s\S]*ok$/,
      /^at=info .*status=200 bytes=2/,
    ],
    [
      'trailers that cannot follow are not announced',
      'HTTP/1.1 200 OK\r\nTrailer: X\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 OK\r\n(?![\s\S]*Trailer)[\s\S]*ok$/i,
      /^at=info .*status=200/,
    ],
    [
      'a status below 100 is no HTTP',
      'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 503 Service Unavailable\r\n/,
      /code=H17/,
    ],
  ]
  for (const [says, answer, expected, line] of answers) {
    test(says, () =>
      withSite(async (site) => {
        assert.match(await exchange(site.port, last('/')), expected)
        assert.match(await site.nextLine(), line)
      }, answering(answer)),
    )
  }

  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
  const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
  const interim = (body: string) => {
    const fine = `HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    return `${CONTINUE}${HINTS}${CONTINUE}${fine}`
  }
  test('a dyno that says 100 Continue unasked is heard out, and what looks like one in a body is none', () =>
    withSite(
      async (site) => {
        for (const path of ['/1', '/2']) {
          const got = await exchange(site.port, last(path))
          assert.match(got, /^HTTP\/1\.1 200 OK\r\nX-A: b\r\n/)
          assert.equal(got.slice(got.indexOf('\r\n\r\n') + 4), CONTINUE)
          assert.match(await site.nextLine(), /^at=info .*status=200 bytes=25 /)
        }
        assert.equal(site.heard.length, 1)
      },
      answering(interim(CONTINUE)),
    ))

  test('a 100 Continue that comes byte by byte is passed over, and a body cut where one could begin is whole', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome')
        const got = await reads(client, /ok$/)
        assert.match(got, /^HTTP\/1\.1 200 /)
        client.write('and more')
        await reads(client, new RegExp(`^${CONTINUE}end$`))
        client.destroy()
      },
      (socket) => {
        const cut = (text: string, then: () => void): void => {
          socket.write(text.slice(0, 1))
          if (text.length === 1) then()
          else setImmediate(cut, text.slice(1), then)
        }
        socket.once('data', () => {
          const head = 'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nok'
          cut(CONTINUE + CONTINUE + head, () => {
            socket.once('data', () => socket.write(`${CONTINUE}end`))
          })
        })
      },
    ))

  test('a client of HTTP/1.0 and HEAD get chunked answers with trailers without them', () =>
    withSite(async (site) => {
      assert.match(
        await exchange(site.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n'),
        /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/,
      )
      const head = await exchange(site.port, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      assert.match(head, /^HTTP\/1\.1 (200|503) /)
    }, answering(
      'HTTP/1.1 200 OK\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: 1\r\n\r\n',
    )))

  test('who sends all before it reads gets the early answer too, and its connection is not stalled', () =>
    withSite(
      async (site) => {
        const client = connected(site)
        client.pause()
        client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n')
        await new Promise<void>((resolve) => client.write(Buffer.alloc(20_000_000), () => resolve()))
        client.resume()
        await reads(client, /413 Payload Too Large\r\n[\s\S]*big$/)
        client.destroy()
      },
      (socket) => {
        socket.once('data', () => {
          socket.pause()
          socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig')
        })
      },
    ))
})
