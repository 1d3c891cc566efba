import assert from 'node:assert/strict'
import test from 'node:test'
import { errorPage, errorText } from '../../../src/core/router/error-page.ts'
import { CODES, type RouterCode, type RouterError } from '../../../src/core/router/router-codes.ts'
import { type Routed, routerLine } from '../../../src/core/router/router-line.ts'

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
  const begins = (refusal: RouterError) => line({ refusal }).slice(0, line({ refusal }).indexOf(' method='))
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

test('bytes that are not ASCII are seen in the log line as they came', () => {
  const sent = Buffer.from('/é?€\x7f\n').toString('latin1')
  assert.match(line({ path: sent, host: 'b\xfc' }), /path="\/%C3%A9\?%E2%82%AC%7F%0A" host=b%FC /)
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
