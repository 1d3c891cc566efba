import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { after, test } from 'node:test'
import { serveSite } from '../../src/edge/api/serve-site.ts'
import { until } from '../harness.ts'
import { KEY, openFakeSite } from './platform-site.ts'

const site = await openFakeSite()
after(site.close)
const { ask, asked, head, port, say } = site

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

const basic = (text: string) => `Authorization: Basic ${Buffer.from(text).toString('base64')}`
const [REFUSED, UNKNOWN] = [
  /^HTTP\/1.1 403 [\s\S]*{"id":"forbidden"/,
  /^HTTP\/1.1 401 [\s\S]*{"id":"unauthorized"/,
]

test('the key is taken as a token and as anybody’s password', async () => {
  const good = ['Authorization: Bearer ', 'authorization: bEARER '].map((start) => `${start}${KEY}`)
  for (const header of [...good, basic(`:${KEY}`), basic(`me@localhost:${KEY}`)]) {
    assert.match(await ask(head('GET /x HTTP/1.1', header)), /^HTTP\/1.1 200 /, header)
  }
})

test('without the key there is nothing, and no body is waited for', async () => {
  const before = asked.length
  const bad = [
    '',
    'Bearer',
    'Bearer ',
    `Bearer x${KEY}`,
    `Bearer ${KEY.slice(1)}`,
    `Bearer ${KEY.toUpperCase()}`,
  ]
  const headers = [...bad, KEY, `Token ${KEY}`].map((each) => `Authorization: ${each}`)
  const all = [...headers, basic(KEY.slice(1)), basic(`${KEY}:x`), 'Authorization: Basic %%%']
  const refusals = all.map(async (header) => {
    const answer = await ask(head('POST /apps/x/dynos HTTP/1.1', header, 'Content-Length: 1000000'))
    assert.match(answer, UNKNOWN, header)
    const waiting = head('POST /x HTTP/1.1', header, 'Content-Length: 9', 'Expect: 100-continue')
    assert.match(await ask(waiting), UNKNOWN)
  })
  await Promise.all(refusals)
  assert.equal(asked.length, before)
})

test('who has the key and waits to be asked for its body is asked', async () => {
  const { socket, text } = say(head('POST /x HTTP/1.1', 'Content-Length: 7', 'Expect: 100-continue'))
  await until(
    () => text() === 'HTTP/1.1 100 Continue\r\n\r\n',
    () => text(),
  )
  socket.write('{"a":1}')
  await until(
    () => /{"seen":{"a":1}}/.test(text()),
    () => text(),
  )
})

test('a false name and a web page are refused, with the key and with secret paths as well', async () => {
  const before = asked.length
  const names = [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    `localhost:${port + 1}`,
    `x.localhost:${port}`,
  ]
  const pages = ['Origin: null', `Origin: http://localhost:${port}`, 'Sec-Fetch-Site: cross-site']
  const suspects = [...names.map((name) => `Host: ${name}`), ...pages, 'Sec-Fetch-Site: same-origin']
  const refusals = suspects.map(async (header) => {
    for (const path of ['/apps', '/logs/secret', '/outputs/secret']) {
      assert.match(await ask(head(`GET ${path} HTTP/1.1`, header)), REFUSED, header)
    }
    assert.match(await ask(head('PUT /blobs/good HTTP/1.1', header, 'Content-Length: 1000000')), REFUSED)
  })
  await Promise.all(refusals)
  assert.equal(asked.length, before)
  for (const name of [`LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    assert.match(
      await ask(head('GET /x HTTP/1.1', `Host: ${name}`, 'Sec-Fetch-Site: none')),
      /^HTTP\/1.1 200 /,
    )
  }
})

test('nothing becomes a tunnel', async () => {
  for (const protocol of ['websocket', 'dyno-attach', 'tcp', 'h2c']) {
    const upgrade = ['Connection: Upgrade, close', `Upgrade: ${protocol}`]
    assert.match(await ask(head('GET /attach/x HTTP/1.1', ...upgrade, 'Authorization: x')), UNKNOWN)
    assert.match(await ask(head('GET /x HTTP/1.1', ...upgrade)), /^HTTP\/1.1 200 /)
  }
  assert.match(await ask(head('CONNECT localhost:22 HTTP/1.1')), /^HTTP\/1.1 400 /)
})

test('an answer names itself, and is sent once as long as it stays the same', async () => {
  const first = await ask(head('GET /x HTTP/1.1'))
  assert.match(first, /\r\nRequest-Id: [0-9a-f-]{36}\r\n/)
  assert.match(first, /\r\nX-Content-Type-Options: nosniff\r\n/)
  assert.doesNotMatch(first, /Access-Control/i)
  const tag = /\r\nETag: ("[0-9a-f]+")\r\n/.exec(first)![1]!
  for (const known of [tag, `"x", W/${tag}`, '*']) {
    assert.match(
      await ask(head('GET /x HTTP/1.1', `If-None-Match: ${known}`)),
      /^HTTP\/1.1 304 [\s\S]*\r\n\r\n$/,
    )
  }
  assert.match(await ask(head('GET /x HTTP/1.1', 'If-None-Match: "x"')), /^HTTP\/1.1 200 /)
  assert.match(await ask(head('POST /x HTTP/1.1', `If-None-Match: ${tag}`)), /^HTTP\/1.1 200 /)
})

test('a fault of ours is an answer without its reasons', async () => {
  const answer = await ask(head('GET /broken HTTP/1.1'))
  assert.match(answer, /^HTTP\/1.1 500 [\s\S]*"message":"our fault"/)
  assert.doesNotMatch(answer, /secret/)
})

test('strangers cannot fill the port, nor drive out who was heard', async () => {
  const reader = say(head('GET /follow HTTP/1.1', 'Connection: keep-alive'))
  await until(
    () => /text\/event-stream/.test(reader.text()),
    () => reader.text(),
  )
  const silent = Array.from({ length: 300 }, (_, i) =>
    say(['', 'GET / HT', 'GET / HTTP/1.1\r\nUpgrade: x\r\n'][i % 3]!),
  )
  assert.match(await ask(head('GET /x HTTP/1.1')), /^HTTP\/1.1 200 /)
  await until(
    () => silent.filter(({ socket }) => !socket.closed).length <= 64,
    () => 'strangers stay',
  )
  site.followers.at(-1)!.write(['still here'])
  await until(
    () => /still here/.test(reader.text()),
    () => reader.text(),
  )
  for (const { socket } of [...silent, reader]) socket.destroy()
})

test('logs that wait for an earlier one on their connection are let go with it', async () => {
  const before = site.followers.length
  const { socket } = say(head('GET /follow HTTP/1.1', 'Connection: keep-alive').repeat(3))
  await until(
    () => site.followers.length === before + 3,
    () => 'never followed',
  )
  socket.destroy()
  await until(
    () => site.followers.slice(before).every(({ stopped }) => stopped === 1),
    () => 'still followed',
  )
})

test('only this machine’s own addresses are listened at, both of them', {
  skip: process.platform !== 'linux' || !hasIpv6,
}, async () => {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'latin1').split('\n'))
  const local = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, at, , state]) => at?.endsWith(hex) && state === '0A')
  const addresses = local.map(([, at]) => at!.slice(0, -hex.length))
  assert.deepEqual(addresses, ['0100007F', '00000000000000000000000001000000'])
  assert.match(await ask(head('GET /x HTTP/1.1', `Host: [::1]:${port}`), '::1'), /^HTTP\/1.1 200 /)
})

test('nobody else may have one of the two', { skip: !hasIpv6 }, async (t) => {
  for (const host of ['127.0.0.1', '::1']) {
    const other = createServer()
    t.after(() => other.close())
    const taken = await listening(other, host, 0)
    const fake = { key: KEY, answer: never, expects: never, fault: never }
    const opening = serveSite(fake, { port: taken, folder: site.folder })
    t.after(async () => (await opening.catch(() => undefined))?.close())
    await assert.rejects(opening, { code: 'EADDRINUSE' })
    const free = createServer()
    t.after(() => free.close())
    await listening(free, host === '::1' ? '127.0.0.1' : '::1', taken)
  }
})

const never = () => assert.fail('nobody asked')

function listening(server: Server, host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port: wanted }, () => resolve((server.address() as { port: number }).port))
  })
}
