import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { until } from '../harness.ts'
import { KEY, openFakeSite } from './platform-site.ts'

const site = await openFakeSite()
after(site.close)
const { ask, asked, head, port, say } = site

test('a target that is no plain path is a bad request', async () => {
  const before = asked.length
  const targets = ['//evil/apps', '/\\evil/apps', '/%zz', '/%ff', '/a%2fb', '/a%2F..%2Fb', '//', '*']
  for (const target of [...targets, 'http://evil/apps', `http://localhost:${port}/apps`, 'ftp://x/apps']) {
    const answer = await ask(head(`GET ${target} HTTP/1.1`))
    assert.match(answer, /^HTTP\/1.1 400 [\s\S]*{"id":"bad_request"/, target)
  }
  assert.equal(asked.length, before)
  await ask(head('GET /apps/../a%20%00%2e HTTP/1.1'))
  assert.equal(asked.at(-1)!.path, '/a \0.')
})

test('a body that is no JSON is a bad request, and one of more than 1 MiB too large', async () => {
  const before = asked.length
  const sent = async (body: string) => ask(head('POST /x HTTP/1.1', `Content-Length: ${body.length}`) + body)
  for (const body of ['{', 'x', '[[']) {
    assert.match(
      await sent(body),
      /^HTTP\/1.1 400 [\s\S]*{"id":"bad_request","message":"The body is no JSON\."}/,
    )
  }
  for (const length of [1024 * 1024, 4_000_000]) {
    const answer = await sent(`"${'x'.repeat(length)}"`)
    assert.match(answer, /^HTTP\/1.1 413 [\s\S]*{"id":"request_entity_too_large",.*at most 1 MiB\."}/)
  }
  assert.equal(asked.length, before)
  await sent('['.repeat(400_000) + ']'.repeat(400_000))
  assert.equal(asked.length, before + 1)
})

test('who reads only when all is sent has the answer as well', async () => {
  const body = Buffer.alloc(20_000_000, 'x')
  const sized = `Content-Length: ${body.length}`
  for (const [line, key, expected] of [
    ['PUT /blobs/nope HTTP/1.1', `Bearer ${KEY}`, /^HTTP\/1.1 404 [\s\S]*{"id":"not_found".*}\n$/],
    ['POST /apps/x/dynos HTTP/1.1', 'none', /^HTTP\/1.1 401 [\s\S]*{"id":"unauthorized".*}\n$/],
  ] as const) {
    const { socket, text } = say('')
    socket.pause()
    const sent = Promise.withResolvers<void>()
    socket.write(head(line, sized, `Authorization: ${key}`, 'Connection: keep-alive'))
    socket.write(body, (error) => (error ? sent.reject(error) : sent.resolve()))
    await sent.promise
    socket.resume()
    await until(
      () => socket.closed,
      () => `never answered: ${text()}`,
    )
    assert.match(text(), expected)
  }
})

test('what is put where no file goes is a request like others', async () => {
  const answer = await ask(`${head('PUT /apps/x/config-vars HTTP/1.1', 'Content-Length: 7')}{"a":1}`)
  assert.match(answer, /^HTTP\/1.1 200 [\s\S]*{"seen":{"a":1}}/)
  assert.equal(asked.at(-1)!.method, 'PUT')
})

test('what is no HTTP is answered with an error of the API, and the connection ends', async () => {
  const before = asked.length
  const chunked = head('POST /x HTTP/1.1', 'Transfer-Encoding: chunked')
  const table: readonly (readonly [words: string, status: number])[] = [
    [head('FOO /x HTTP/1.1'), 400],
    [head(`GET /${'x'.repeat(20_000)} HTTP/1.1`), 431],
    [`${chunked}5\r\nhello\r\nno chunk\r\n\r\n`, 400],
    [head('POST /x HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 4'), 400],
    [`GET /x HTTP/1.1\r\nAuthorization: Bearer ${KEY}\r\n\r\n`, 400],
    [head('GET /x HTTP/1.1', 'Expect: foo', 'Connection: keep-alive'), 417],
    [head('CONNECT localhost:22 HTTP/1.1'), 400],
  ]
  for (const [words, status] of table) {
    const answer = await ask(words)
    const body = /^{.*}$/m.exec(answer)?.[0]
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), words.slice(0, 50))
    assert.equal(JSON.parse(body!).id, 'bad_request')
    assert.match(JSON.parse(body!).message, /\.$/)
  }
  assert.equal(asked.length, before)
})

test('what two programs could read differently is not read', async () => {
  const before = asked.length
  const both = ['Transfer-Encoding: chunked', 'Content-Length: 4']
  const heads = [head('POST /x HTTP/1.1', ...both), head('POST /x HTTP/1.1', 'Transfer-Encoding: gzip')]
  const sized = ['Content-Length: 1', 'Content-Length: 2']
  for (const words of [
    ...heads,
    head('POST /x HTTP/1.1', ...sized),
    'junk\r\n\r\n',
    '\x16\x03\x01\0\x05hello',
  ]) {
    assert.match(await ask(words), /^HTTP\/1.1 400 /)
  }
  assert.match(await ask(head('GET /x HTTP/1.1', `X: ${'x'.repeat(100_000)}`)), /^HTTP\/1.1 431 /)
  assert.equal(asked.length, before)
})
