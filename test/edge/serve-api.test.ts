import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import type { Request } from '../../src/core/api/exchange.ts'
import { Problem } from '../../src/core/problem.ts'
import type { Wire } from '../../src/core/wire/wire.ts'
import { type Api, serveApi } from '../../src/edge/api/serve-api.ts'
import { until } from '../harness.ts'

const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
const path = `${folder}/socket`
const asked: Request[] = []
const follower: { write?: (lines: readonly string[]) => void; end?: () => void; stopped?: boolean } = {}
const wires: Wire[] = []
let release = () => {}
let unheard = 0

const api: Api = {
  async answer(request) {
    asked.push(request)
    if (request.path === '/follow') {
      return {
        follow(write, end) {
          Object.assign(follower, { write, end, stopped: false })
          return () => {
            follower.stopped = true
          }
        },
      }
    }
    if (request.path === '/slow') {
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    return { status: 202, body: { seen: request.body }, warning: 'mind this', unheard: () => unheard++ }
  },
  fault: () => assert.fail('it went wrong'),
  attach(asked, wire) {
    if (asked !== '/attach/é') throw new Problem('not-found', 'no such dyno')
    wires.push(wire())
  },
}
const stop = await serveApi(path, api)
after(() => {
  stop()
  rmSync(folder, { recursive: true })
})

/** Says something on the socket, and hands back what comes until the server ends it. */
async function ask(head: string, body: string | Buffer = ''): Promise<string> {
  const close = head.includes('Upgrade') ? '' : 'Connection: close\r\n'
  const { socket, text } = say(`${head}\r\n${close}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
  socket.write(body)
  await until(
    () => socket.closed,
    () => `never answered: ${text()}`,
  )
  return text()
}

function say(words: string): { socket: Socket; text(): string } {
  const socket = connect(path)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  socket.write(words)
  return { socket, text: () => text }
}

test('the socket is reached by its user only', () => {
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a request is read, and answered with its status, its warning and JSON', async () => {
  const answer = await ask(
    'POST /a%20b?x=1&y=%C3%A9 HTTP/1.1\r\nHost: x\r\nX-User: me\r\nPrefer: wait',
    '{"a":[1]}',
  )
  assert.match(answer, /^HTTP\/1.1 202 [\s\S]*X-Heroku-Warning: mind this\r\n[\s\S]*{"seen":{"a":\[1\]}}\n/)
  const { query, hasLeft: _, ...rest } = asked.at(-1)!
  assert.deepEqual(rest, { method: 'POST', path: '/a b', prefer: 'wait', user: 'me', body: { a: [1] } })
  assert.deepEqual(
    [...query],
    [
      ['x', '1'],
      ['y', 'é'],
    ],
  )
})

test('no body is null, and so is the body null', async () => {
  await ask('GET /x HTTP/1.1\r\nHost: x')
  assert.equal(asked.at(-1)!.body, null)
  await ask('POST /x HTTP/1.1\r\nHost: x', 'null')
  assert.equal(asked.at(-1)!.body, null)
})

test('a body that is no JSON is a bad request, and one of more than 4 MiB too large', async () => {
  const before = asked.length
  for (const body of ['{', 'hello', '{"a":1}}']) {
    assert.match(await ask('POST /x HTTP/1.1\r\nHost: x', body), /^HTTP\/1.1 400 [\s\S]*"id":"bad_request"/)
  }
  for (const body of [`"${'x'.repeat(4 * 1024 * 1024)}"`, Buffer.alloc(20_000_000, 0x20)]) {
    const answer = await ask('POST /x HTTP/1.1\r\nHost: x', body)
    assert.match(answer, /^HTTP\/1.1 413 [\s\S]*"id":"request_entity_too_large"/)
  }
  assert.equal(asked.length, before)
  await ask('POST /x HTTP/1.1\r\nHost: x', `"${'x'.repeat(4 * 1024 * 1024 - 2)}"`)
  assert.equal(asked.length, before + 1)
})

test('a path that is none is a bad request, and harms nobody', async () => {
  const before = asked.length
  for (const bad of ['/%zz', '/%ff', '//', '//%']) {
    assert.match(await ask(`GET ${bad} HTTP/1.1\r\nHost: x`), /^HTTP\/1.1 400 /)
    assert.match(
      await ask(`GET ${bad} HTTP/1.1\r\nHost: x\r\nUpgrade: dyno-attach\r\nConnection: Upgrade`),
      /^HTTP\/1.1 40[04] /,
    )
  }
  assert.equal(asked.length, before)
})

test('a client that leaves in the middle harms nobody', async () => {
  const half = say('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":')
  await until(
    () => half.socket.bytesWritten > 0 && !half.socket.connecting,
    () => 'never connected',
  )
  half.socket.destroy()
  const slow = say('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(
    () => asked.at(-1)?.path === '/slow',
    () => 'never asked',
  )
  slow.socket.destroy()
  release()
  assert.match(await ask('GET /x HTTP/1.1\r\nHost: x'), /^HTTP\/1.1 202 /)
})

test('that a client has left can be known while it is answered, and is told by the answer that it does not hear', async () => {
  const soon = (is: () => boolean, what: string) => until(is, () => `never ${what}`)
  const { socket } = say('POST /slow HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}')
  await soon(() => asked.at(-1)!.method === 'POST' && asked.at(-1)!.path === '/slow', 'asked')
  const { hasLeft } = asked.at(-1)!
  const before = unheard
  assert.equal(hasLeft?.(), false)
  socket.destroy()
  await soon(() => hasLeft?.() === true, 'seen to have left')
  await new Promise(setImmediate) // what the connection had to say of its end is said
  release()
  await soon(() => unheard > before, 'told')
})

test('lines are streamed as events, and whoever leaves is no longer written to', async () => {
  const reader = say('GET /follow HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(
    () => follower.write !== undefined,
    () => 'never followed',
  )
  follower.write!(['one', 'two'])
  follower.write!(['three'])
  await until(
    () =>
      reader.text().includes('id: 1\ndata: one\n\n') &&
      reader.text().includes('id: 2\ndata: two\n\nid: 3\ndata: three\n\n'),
    () => reader.text(),
  )
  assert.match(reader.text(), /Content-Type: text\/event-stream/)
  reader.socket.destroy()
  await until(
    () => follower.stopped === true,
    () => 'still followed',
  )
})

for (const ends of [false, true]) {
  test(`a slow reader is told how many lines it missed${ends ? ', also when the stream ends' : ''}`, async () => {
    const reader = say('GET /follow HTTP/1.1\r\nHost: x\r\n\r\n')
    reader.socket.pause()
    delete follower.write
    await until(
      () => follower.write !== undefined,
      () => 'never followed',
    )
    const write = follower.write as unknown as (lines: readonly string[]) => void
    const line = 'x'.repeat(1000)
    for (let i = 0; i < 2500; i++) write([line, line])
    if (ends) follower.end!()
    reader.socket.resume()
    const told =
      /data: \S+ heroku\[logplex\]: Error L11 \(Tail buffer overflow\) -> This tail session dropped (\d+) messages since \S+\n\n/
    await until(
      () => told.test(reader.text()),
      () => 'never told',
    )
    const arrived = reader.text().split(`data: ${line}\n`).length - 1
    assert.equal(arrived + Number(told.exec(reader.text())![1]), 5000)
    assert.ok(arrived < 4000)
    reader.socket.destroy()
  })
}

test('an upgrade becomes a wire both ways, with what came along', async () => {
  const head = 'GET /attach/%C3%A9 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: dyno-attach\r\n\r\n'
  const client = say(`${head}early`)
  await until(
    () => wires.length > 0,
    () => `never attached: ${client.text()}`,
  )
  let received = ''
  let closed = false
  wires[0]!.listen({
    received(chunk) {
      received += Buffer.from(chunk)
    },
    drained() {},
    closed() {
      closed = true
    },
  })
  client.socket.write(' and late')
  wires[0]!.write(Buffer.from('ab'), Buffer.from('cd'))
  await until(
    () => received === 'early and late' && client.text().endsWith('\r\n\r\nabcd'),
    () => `${received} ${client.text()}`,
  )
  assert.match(client.text(), /^HTTP\/1.1 101 /)
  client.socket.destroy()
  await until(
    () => closed,
    () => 'never closed',
  )
})

test('an upgrade that is refused is not found', async () => {
  const answer = await ask('GET /attach/x HTTP/1.1\r\nHost: x\r\nUpgrade: dyno-attach\r\nConnection: Upgrade')
  assert.match(answer, /^HTTP\/1.1 404 /)
})
