import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exchange, get, openSite, type TestSite } from './router-site.ts'

const H = 'Host: a\r\n'
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\n${H}${headers}\r\n${body}`
const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'

/** Requests that two programs could read differently: none of their bytes reaches a dyno. */
const REFUSED: Readonly<Record<string, string>> = {
  'both lengths, length first': post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'both lengths, chunked first': post(
    'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
    `0\r\n\r\n${HIDDEN}`,
  ),
  'two lengths that differ': post('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd'),
  'two lengths in a list': post('Content-Length: 3, 4\r\n', 'abcd'),
  'a length with a sign': post('Content-Length: +3\r\n', 'abc'),
  'a negative length': post('Content-Length: -3\r\n', 'abc'),
  'a length in hexadecimal': post('Content-Length: 0x3\r\n', 'abc'),
  'a length with a letter behind': post('Content-Length: 3x\r\n', 'abc'),
  'a length beyond all numbers': post('Content-Length: 99999999999999999999\r\n', 'abc'),
  'an empty length': post('Content-Length: \r\n', HIDDEN),
  'a coding nobody knows': post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'chunked that is not last': post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${HIDDEN}`),
  'chunked in two headers': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  'chunked behind another coding': post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
  'a coding with a tab before it': post('Transfer-Encoding:\x0bchunked\r\n', '0\r\n\r\n'),
  'a blank before the colon': post('Content-Length : 3\r\n', 'abc'),
  'a coding with a blank before the colon': post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'a header that begins with a blank': `GET / HTTP/1.1\r\n Host: a\r\n\r\n`,
  'a folded header': `GET / HTTP/1.1\r\n${H}X-A: 1\r\n folded\r\n\r\n`,
  'a folded coding': post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'a header without colon': `GET / HTTP/1.1\r\n${H}X-A\r\n\r\n`,
  'a nul byte in a name': `GET / HTTP/1.1\r\n${H}X\0A: 1\r\n\r\n`,
  'a nul byte in a value': `GET / HTTP/1.1\r\n${H}X-A: 1\0\r\n\r\n`,
  'a nul byte in the path': `GET /\0 HTTP/1.1\r\n${H}\r\n`,
  'a line end of LF alone': `GET / HTTP/1.1\nHost: a\n\n`,
  'a header that ends with LF alone': `GET / HTTP/1.1\r\n${H}X-A: 1\n\r\n`,
  'a CR alone in a header': `GET / HTTP/1.1\r\n${H}X-A: 1\rX-B: 2\r\n\r\n`,
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Hosts': `GET / HTTP/1.1\r\n${H}Host: b\r\n\r\n`,
  'HTTP/0.9': 'GET /\r\n\r\n',
  'a version from the future': `GET / HTTP/3.0\r\n${H}\r\n`,
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a blank in the path': `GET /a b HTTP/1.1\r\n${H}\r\n`,
  'a tab for a blank': `GET\t/\tHTTP/1.1\r\n${H}\r\n`,
  'a method that is none': `G@T / HTTP/1.1\r\n${H}\r\n`,
  'an absolute target with a user': `GET http://u@a/ HTTP/1.1\r\n${H}\r\n`,
  'a target that is an authority': `GET a:80 HTTP/1.1\r\n${H}\r\n`,
  'a header line of 9 KB': `GET / HTTP/1.1\r\n${H}X-A: ${'x'.repeat(9000)}\r\n\r\n`,
  'a request line of 9 KB': `GET /${'x'.repeat(9000)} HTTP/1.1\r\n${H}\r\n`,
  'a name of 2000 bytes': `GET / HTTP/1.1\r\n${H}${'n'.repeat(2000)}: 1\r\n\r\n`,
  '1001 headers': `GET / HTTP/1.1\r\n${H}${'a: b\r\n'.repeat(1000)}\r\n`,
  'more header than anybody needs': `GET / HTTP/1.1\r\n${H}${`x: ${'y'.repeat(8000)}\r\n`.repeat(70)}\r\n`,
  'chunked in HTTP/1.0': `POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'bytes of TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  garbage: '\xff\xfe\xfd\r\n\r\n',
}

/** Bodies that turn out to be wrong when the dyno has their beginning already. */
const BAD_CHUNKS: Readonly<Record<string, string>> = {
  'a chunk length that is none': 'zz\r\nabc\r\n0\r\n\r\n',
  'a chunk length with a sign': '+3\r\nabc\r\n0\r\n\r\n',
  'a negative chunk length': '-3\r\nabc\r\n0\r\n\r\n',
  'a chunk length in C’s spelling': '0x3\r\nabc\r\n0\r\n\r\n',
  'a chunk length beyond all numbers': 'fffffffffffffffff\r\nabc\r\n',
  'a chunk longer than it says': '3\r\nabcd\r\n0\r\n\r\n',
  'a chunk that ends with LF alone': '3\r\nabc\n0\r\n\r\n',
  'a chunk length that ends with LF alone': '3\nabc\r\n0\r\n\r\n',
  'a blank behind the chunk length': '3 \r\nabc\r\n0\r\n\r\n',
  'a trailer without colon': '0\r\nbad trailer\r\n\r\n',
}

describe('requests that two programs could read differently', () => {
  let site: TestSite
  before(async () => {
    site = await openSite()
  })
  after(() => site.close())

  for (const [says, text] of Object.entries(REFUSED)) {
    test(`${says}: 400, H26, and no dyno hears of it`, async () => {
      const got = await exchange(site.port, text)
      assert.match(got, /^HTTP\/1\.1 400 Bad Request\r\n/)
      assert.equal(got.match(/HTTP\/1\.1 \d{3}/g)?.length, 1)
      assert.match(
        await site.nextLine(),
        /^at=error code=H26 desc="Request Error" cause="bad header" .*status=400 /,
      )
      assert.deepEqual(site.heard, [])
    })
  }

  test('CONNECT is not for a router: 405', async () => {
    assert.match(await exchange(site.port, `CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n`), /^HTTP\/1\.1 405 /)
    assert.match(await site.nextLine(), /code=H26 .*method=CONNECT .*status=405/)
    assert.deepEqual(site.heard, [])
  })
})

describe('bodies that turn out to be wrong', () => {
  for (const [says, chunks] of Object.entries(BAD_CHUNKS)) {
    test(`${says}: 400, H26, and the dyno sees no end of it`, async () => {
      const site = await openSite()
      site.onConnection = () => {}
      try {
        const got = await exchange(site.port, post('Transfer-Encoding: chunked\r\n', chunks))
        assert.match(got, /^HTTP\/1\.1 400 Bad Request\r\n/)
        assert.match(
          await site.nextLine(),
          /code=H26 desc="Request Error" cause="bad (chunk|header)" .*status=400/,
        )
        for (const text of site.heard) assert.doesNotMatch(text, /\r\n0\r\n/)
      } finally {
        await site.close()
      }
    })
  }

  test('what stands behind the end of a request is the next one, and never part of this', async () => {
    const site = await openSite()
    try {
      const first = post('Content-Length: 3\r\n', 'abc')
      const got = await exchange(
        site.port,
        `${first}GET /next HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n`,
      )
      assert.equal(got.match(/HTTP\/1\.1 200 OK/g)?.length, 2)
      const paths = site.heard.join('').match(/(GET|POST) \S+/g)
      assert.deepEqual(paths, ['POST /', 'GET /next'])
      assert.match(await site.nextLine(), /method=POST path="\/" host=a /)
      assert.match(await site.nextLine(), /method=GET path="\/next" host=b /)
    } finally {
      await site.close()
    }
  })
})

describe('clients that take their time', () => {
  test('one that never ends its header is sent away, and others are served meanwhile', async () => {
    const site = await openSite({ idle: 300 })
    try {
      const slow = exchange(site.port, 'GET / HTTP/1.1\r\nHost: a\r\nX-A:')
      const got = await exchange(site.port, `GET /quick HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)
      assert.match(got, /^HTTP\/1\.1 200 OK/)
      assert.match(await slow, /^HTTP\/1\.1 408 Request Timeout\r\n/)
      assert.match(await site.nextLine(), /path="\/quick"/)
      assert.match(await site.nextLine(), /^at=warning code=H28 desc="Client Connection Idle" .*status=408/)
      assert.equal(site.heard.length, 1)
    } finally {
      await site.close()
    }
  })

  test('one that never says anything is closed without a word, as is one that leaves in the midst of its header', async () => {
    const site = await openSite({ idle: 300 })
    try {
      assert.equal(await exchange(site.port, ''), '')
      assert.equal(await exchange(site.port, 'GET /half HTTP/1.1\r\nHost:', { ends: true }), '')
      const got = await exchange(site.port, `${get('/first')}GET /half HTTP/1.1\r\n`, { ends: true })
      assert.match(got, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/)
      assert.match(await site.nextLine(), /path="\/first" .*status=200/)
      assert.equal(site.lines.length, 1)
    } finally {
      await site.close()
    }
  })
})
