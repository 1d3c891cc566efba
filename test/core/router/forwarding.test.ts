import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Forwarded,
  forwardedReason,
  forwardedRequest,
  forwardedResponse,
  headerOf,
  requestIdOf,
  upgradedResponse,
} from '../../../src/core/router/forwarding.ts'

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
  assert.deepEqual(forwardedResponse(raw, { chunked: true }), [
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
  assert.equal(headerOf(forwardedResponse(['server', 'puma'], { chunked: false }), 'server'), 'puma')
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

test('trailers are announced only where they can follow, and a reason is one that can be sent', () => {
  assert.equal(headerOf(forwardedResponse(['Trailer', 'X-Sum'], { chunked: false }), 'trailer'), undefined)
  assert.equal(forwardedReason('Gr\xfc\ufffd\x01 G\ttt\x7f'), 'Gr\xfc?? G\ttt?')
})
