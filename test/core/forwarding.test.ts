import assert from 'node:assert/strict'
import test from 'node:test'
import { errorPage, errorText } from '../../src/core/error-page.ts'
import {
  type Forwarded,
  forwardedRequest,
  forwardedResponse,
  headerOf,
  requestIdOf,
  upgradedResponse,
} from '../../src/core/forwarding.ts'
import { CODES, type Refusal, type RouterCode } from '../../src/core/router-codes.ts'
import { judgeRequest, judgeResponse, targetOf } from '../../src/core/router-limits.ts'
import { type Routed, routerLine } from '../../src/core/router-line.ts'

const FORWARDED: Forwarded = {
  ...{ client: '10.0.0.9', protocol: 'http', port: 5000, requestId: 'an-id', at: 1764000000123.4 },
  ...{ connect: 1.4, routing: 2.6, host: null },
}

test('a request is forwarded with its own headers in order, and what the router adds', () => {
  const raw = ['Host', 'a.test', 'X-Twice', '1', 'x-twice', '2', 'Cookie', 'k=\xe4']
  assert.deepEqual(forwardedRequest(raw, FORWARDED), [
    ...raw,
    ...['X-Request-Id', 'an-id', 'X-Forwarded-For', '10.0.0.9', 'X-Forwarded-Proto', 'http'],
    ...['X-Forwarded-Port', '5000', 'Via', '1.1 vegur', 'Connect-Time', '1'],
    ...['X-Request-Start', '1764000000123', 'Total-Route-Time', '3'],
  ])
})

test('what a client says of earlier hops is continued, what it says of this one is not believed', () => {
  const raw = [
    'X-Forwarded-For',
    '1.2.3.4',
    'x-forwarded-for',
    '5.6.7.8',
    'Via',
    '1.0 happyproxy',
    'X-Forwarded-Proto',
    'https',
    'X-Forwarded-Port',
    '443',
    'X-Request-Start',
    '1',
    'Connect-Time',
    '9',
  ]
  const headers = forwardedRequest(raw, FORWARDED)
  assert.equal(headerOf(headers, 'x-forwarded-for'), '1.2.3.4, 5.6.7.8, 10.0.0.9')
  assert.equal(headerOf(headers, 'via'), '1.0 happyproxy, 1.1 vegur')
  assert.equal(headerOf(headers, 'x-forwarded-proto'), 'http')
  assert.equal(headerOf(headers, 'x-forwarded-port'), '5000')
  assert.equal(headerOf(headers, 'connect-time'), '1')
})

test('headers of one hop go no further, nor do those that Connection names', () => {
  const raw = [
    'Connection',
    'close, X-Private',
    'X-Private',
    '1',
    'Keep-Alive',
    'timeout=9',
    'TE',
    'trailers',
    'Proxy-Authorization',
    'secret',
    'Transfer-Encoding',
    'chunked',
    'Upgrade',
    'h2c',
    'Expect',
    '100-continue',
    'Trailer',
    'X-Sum',
    'X-Kept',
    '1',
  ]
  const headers = forwardedRequest(raw, FORWARDED)
  assert.deepEqual(headers.slice(0, 2), ['X-Kept', '1'])
  assert.equal(headers[2], 'X-Request-Id')
})

test('a client cannot have the length or the host of its request dropped by naming them', () => {
  const headers = forwardedRequest(
    ['Connection', 'Content-Length, Host', 'Content-Length', '3', 'Host', 'a'],
    FORWARDED,
  )
  assert.equal(headerOf(headers, 'content-length'), '3')
  assert.equal(headerOf(headers, 'host'), 'a')
})

test('the host of an absolute target counts instead of the header', () => {
  const headers = forwardedRequest(['Host', 'other.test'], { ...FORWARDED, host: 'a.test:80' })
  assert.equal(headerOf(headers, 'host'), 'a.test:80')
})

test('an answer keeps its headers, and gets a Server where it has none', () => {
  const raw = [
    'Set-Cookie',
    'a=1',
    'Set-Cookie',
    'b=2',
    'Connection',
    'close',
    'Transfer-Encoding',
    'chunked',
    'Trailer',
    'X-Sum',
    'Via',
    '1.1 inner',
  ]
  assert.deepEqual(forwardedResponse(raw), [
    ...[
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Trailer',
      'X-Sum',
      'Server',
      'Cowboy',
      'Via',
      '1.1 inner, 1.1 vegur',
    ],
  ])
  assert.equal(headerOf(forwardedResponse(['server', 'puma']), 'server'), 'puma')
  assert.deepEqual(upgradedResponse(['Upgrade', 'websocket', 'Connection', 'Upgrade']), [
    ...['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Via', '1.1 vegur'],
  ])
})

const ids: readonly (readonly [given: string, isKept: boolean])[] = [
  ['12345678901234567890', true],
  ['1234567890123456789', false],
  ['aA0+/=-aA0+/=-aA0+/=-', true],
  ['12345678901234567890_', false],
  ['1'.repeat(200), true],
  ['1'.repeat(201), false],
]
for (const [given, isKept] of ids) {
  test(`a request id of ${given.length} characters, ${given.slice(0, 24)}, is ${isKept ? 'kept' : 'replaced'}`, () => {
    assert.equal(
      requestIdOf(['X-Request-ID', given], () => 'fresh'),
      isKept ? given : 'fresh',
    )
  })
}

const HOST = ['Host', 'a.test']
const requests: readonly (readonly [
  says: string,
  head: Partial<Parameters<typeof judgeRequest>[0]>,
  cause: string | null,
])[] = [
  ['a plain one passes', {}, null],
  ['HTTP/1.0 without Host passes', { version: '1.0', raw: [] }, null],
  ['no Host', { raw: [] }, 'bad header'],
  ['two Hosts, though alike', { raw: [...HOST, ...HOST] }, 'bad header'],
  ['a Host that is none', { raw: ['Host', 'a.test/x'] }, 'bad header'],
  ['a Host with blanks in it', { raw: ['Host', 'a b'] }, 'bad header'],
  ['an empty Host', { raw: ['Host', ''] }, 'bad header'],
  ['CONNECT', { method: 'CONNECT', target: 'a.test:443' }, 'bad header'],
  ['both lengths', { raw: [...HOST, 'Transfer-Encoding', 'chunked', 'Content-Length', '3'] }, 'bad header'],
  ['chunked passes', { raw: [...HOST, 'Transfer-Encoding', 'Chunked'] }, null],
  ['a coding before chunked', { raw: [...HOST, 'Transfer-Encoding', 'gzip, chunked'] }, 'bad header'],
  [
    'chunked twice',
    { raw: [...HOST, 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'] },
    'bad header',
  ],
  ['chunked in HTTP/1.0', { version: '1.0', raw: [...HOST, 'Transfer-Encoding', 'chunked'] }, 'bad header'],
  ['a name of 1000 bytes passes', { raw: [...HOST, 'n'.repeat(1000), 'v'] }, null],
  ['a name of 1001 bytes', { raw: [...HOST, 'n'.repeat(1001), 'v'] }, 'bad header'],
  ['a line of 8 KB passes', { raw: [...HOST, 'name', 'v'.repeat(8188)] }, null],
  ['a longer line', { raw: [...HOST, 'name', 'v'.repeat(8189)] }, 'bad header'],
  ['1000 headers pass', { raw: [...HOST, ...Array(999).fill(['a', 'b']).flat()] }, null],
  ['1001 headers', { raw: [...HOST, ...Array(1000).fill(['a', 'b']).flat()] }, 'bad header'],
  ['a request line of more than 8 KB', { target: `/${'x'.repeat(8192)}` }, 'bad header'],
  ['a fragment', { target: '/a#b' }, 'bad header'],
  ['a target that is no path', { target: 'a' }, 'bad header'],
  ['* for anything but OPTIONS', { target: '*' }, 'bad header'],
  ['* for OPTIONS passes', { method: 'OPTIONS', target: '*' }, null],
]
for (const [says, head, cause] of requests) {
  test(`the head of a request: ${says}`, () => {
    const refusal = judgeRequest({ method: 'GET', target: '/', version: '1.1', raw: HOST, ...head })
    assert.equal(refusal?.cause ?? null, cause)
    if (refusal) assert.equal(refusal.code, 'H26')
  })
}

test('a target is a path, or an address whose host counts', () => {
  assert.deepEqual(targetOf('GET', '/a?b'), { path: '/a?b', host: null })
  assert.deepEqual(targetOf('GET', 'http://a.test:1/b?c'), { path: '/b?c', host: 'a.test:1' })
  assert.deepEqual(targetOf('GET', 'HTTP://a.test'), { path: '/', host: 'a.test' })
  assert.deepEqual(targetOf('GET', 'http://a.test?q'), { path: '/?q', host: 'a.test' })
  assert.equal(targetOf('GET', 'http://u:p@a.test/'), undefined)
  assert.equal(targetOf('GET', 'ftp://a.test/'), undefined)
})

test('an answer may have cookies of 8 KB and a status line of 8 KB', () => {
  assert.equal(judgeResponse('OK', ['Set-Cookie', 'c'.repeat(8192)]), null)
  assert.deepEqual(judgeResponse('OK', ['Set-Cookie', 'c'.repeat(8193)]), {
    code: 'H25',
    cause: 'oversized cookie',
  })
  assert.deepEqual(judgeResponse('x'.repeat(8193), []), { code: 'H25', cause: 'oversized status line' })
})

const ROUTED: Routed = {
  ...{
    refusal: null,
    method: 'GET',
    path: '/',
    host: 'myapp.herokuapp.com',
    requestId: 'ID',
    fwd: '1.2.3.4',
  },
  ...{ dyno: 'web.1', connect: 1.2, service: 17.6, status: 200, bytes: 13, protocol: 'https' },
}
const line = (parts: Partial<Routed>) => routerLine({ ...ROUTED, ...parts })

test('the log line of a request has Heroku’s keys in Heroku’s order', () => {
  assert.equal(
    line({}),
    'at=info method=GET path="/" host=myapp.herokuapp.com request_id=ID fwd="1.2.3.4" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 protocol=https',
  )
  const nobody = { dyno: null, connect: null, service: null, bytes: null, status: 503 }
  assert.equal(
    line({ ...nobody, refusal: { code: 'H14' } }),
    'at=error code=H14 desc="No web processes running" method=GET path="/" host=myapp.herokuapp.com request_id=ID fwd="1.2.3.4" dyno= connect= service= status=503 bytes= protocol=https',
  )
  const begins = (refusal: Refusal) => line({ refusal }).slice(0, line({ refusal }).indexOf(' method='))
  assert.equal(begins({ code: 'H18' }), 'sock=backend at=error code=H18 desc="Server Request Interrupted"')
  assert.equal(begins({ code: 'H27' }), 'sock=client at=warning code=H27 desc="Client Request Interrupted"')
  assert.equal(begins({ code: 'H80' }), 'at=info code=H80 desc="Maintenance mode"')
  assert.equal(
    begins({ code: 'H26', cause: 'bad chunk' }),
    'at=error code=H26 desc="Request Error" cause="bad chunk"',
  )
  assert.equal(
    begins({ code: 'H25', cause: 'oversized cookie' }),
    'at=error code=H25 desc="HTTP restriction: oversized cookie"',
  )
})

test('no client can write a key of its own into a log line', () => {
  const forged = line({ path: '/" status=200 x="', host: 'a status=1', fwd: '1.1.1.1" dyno=web.9' })
  assert.match(forged, /path="\/%22%20status=200%20x=%22" host=a%20status=1 /)
  assert.match(forged, /fwd="1\.1\.1\.1\? dyno=web\.9" dyno=web\.1 /)
})

test('every code has a page that says what it means and what to type', () => {
  for (const code of Object.keys(CODES) as RouterCode[]) {
    const page = errorPage({ code })
    assert.ok(page.includes(`<h1><code>${code}</code> ${CODES[code].desc}</h1>`))
    assert.doesNotMatch(page, /src=|href=|@import|url\(/) // it works with no network
    assert.equal(
      errorText({ code }),
      `${code} ${CODES[code].desc}\n${CODES[code].means}\n${CODES[code].next}\n`,
    )
  }
})
