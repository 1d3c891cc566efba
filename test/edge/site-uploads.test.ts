import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { until } from '../harness.ts'
import { kept, openFakeSite } from './platform-site.ts'

const site = await openFakeSite()
after(site.close)
const { ask, files, head, say } = site

const NO_KEY = 'Authorization: none'

test('a file that is expected comes whole, for us only, and is gone when it was taken', async () => {
  const text = 'x'.repeat(3_000_000)
  const sized = head('PUT /blobs/good HTTP/1.1', NO_KEY, `Content-Length: ${text.length}`)
  const chunked = head('PUT /blobs/good HTTP/1.1', NO_KEY, 'Transfer-Encoding: chunked')
  const chunk = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
  for (const words of [sized + text, chunked + chunk]) {
    assert.match(await ask(words), /^HTTP\/1.1 200 /)
    assert.deepEqual(files.pop(), { text, mode: 0o600 })
    assert.deepEqual(kept(site), [])
  }
})

test('of a client that leaves in the middle nothing is left, whenever it leaves', async () => {
  const words = head('PUT /blobs/good HTTP/1.1', NO_KEY, 'Content-Length: 1000000')
  const clients = Array.from({ length: 60 }, (_, i) => ({ ...say(words + 'x'.repeat(i * 1000)), i }))
  for (const { socket, i } of clients) {
    await until(
      () => !socket.connecting && socket.writableLength === 0,
      () => 'never connected',
    )
    if (i % 3 === 0) socket.resetAndDestroy()
    else if (i % 3 === 1) socket.end()
    else socket.destroy()
  }
  await until(
    () => clients.every(({ socket }) => socket.closed) && kept(site).length === 0,
    () => `left: ${kept(site)}`,
  )
  const cut = head('PUT /blobs/good HTTP/1.1', NO_KEY, 'Transfer-Encoding: chunked')
  assert.doesNotMatch(await ask(`${cut}5\r\nhello\r\nno chunk\r\n\r\n`), /^HTTP\/1.1 200 /)
  await until(
    () => kept(site).length === 0,
    () => `left: ${kept(site)}`,
  )
  assert.deepEqual(files, [])
})

test('of a file the head can be asked for alone', async () => {
  assert.match(await ask(head('GET /file HTTP/1.1')), /^HTTP\/1.1 200 [\s\S]*the file/)
  const alone = await ask(head('HEAD /file HTTP/1.1'))
  assert.match(alone, /^HTTP\/1.1 200 [\s\S]*\r\nContent-Type: application\/gzip\r\n[\s\S]*\r\n\r\n$/)
})

test('a file that is too large is refused before it comes', async () => {
  const words = head('PUT /blobs/good HTTP/1.1', NO_KEY, `Content-Length: ${3 * 1024 ** 3}`)
  assert.match(await ask(words), /^HTTP\/1.1 413 [\s\S]*{"id":"request_entity_too_large"/)
  assert.deepEqual([kept(site), files], [[], []])
})

test('a file that nobody expects is refused before it comes', async () => {
  for (const path of ['/blobs/other', '/blobs/good/x', '/blobs/', '/blobs', '/logs/good']) {
    const words = head(`PUT ${path} HTTP/1.1`, 'Content-Length: 1000000', 'Expect: 100-continue')
    assert.match(await ask(words), /^HTTP\/1.1 404 [\s\S]*{"id":"not_found"/)
  }
  assert.match(await ask(head('PUT /apps HTTP/1.1', NO_KEY)), /^HTTP\/1.1 401 /)
  assert.deepEqual([kept(site), files], [[], []])
})

test('a file that cannot be taken is gone as well, and nobody is told why', async () => {
  const answer = await ask(`${head('PUT /blobs/bad HTTP/1.1', NO_KEY, 'Content-Length: 1')}x`)
  assert.match(answer, /^HTTP\/1.1 500 [\s\S]*"message":"our fault"/)
  assert.doesNotMatch(answer, /secret/)
  assert.deepEqual(kept(site), [])
})
