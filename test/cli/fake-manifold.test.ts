import assert from 'node:assert/strict'
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { appAt } from '../../src/core/app.ts'
import { FRAME, frameHeader, jsonFrame } from '../../src/core/wire/frame.ts'
import { startFormation } from '../formation.ts'
import { dyno, ended, openSandbox, type Sandbox, script, startDyno } from '../harness.ts'

/** An app whose manifold answers every order with an address; whoever comes there is left waiting, or finds it gone. */
async function openFake(
  t: TestContext,
  { joins }: { joins?(app: string, socket: Duplex): void } = {},
): Promise<Sandbox> {
  const sandbox = openSandbox({ Procfile: 'worker: sleep 98884\n' })
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void request.socket.destroy()
    response.statusCode = 201
    response.end(JSON.stringify({ name: 'run.1', attach_url: '/joined' }))
  })
  server.on('upgrade', (_, socket) => {
    if (!joins) return void socket.destroy()
    socket.on('error', () => {}).resume()
    joins(sandbox.app, socket)
    socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
  })
  t.after(async () => {
    server.close()
    await sandbox.close()
  })
  mkdirSync(`${sandbox.folder}/run/dyno`, { mode: 0o700 })
  const path = `${sandbox.folder}/run/dyno/${appAt(realpathSync(sandbox.app)).key}.sock`
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return sandbox
}

const JOINING = [
  ['run', 'ls'],
  ['ps:exec', 'worker.1', 'ls'],
  ['start', '--no-tty'],
]

test('a manifold that is killed before its answer is followed up is one sentence', async (t) => {
  const sandbox = await openFake(t)
  for (const words of JOINING) {
    const { stderr, status } = await dyno(sandbox, words)
    assert.match(stderr, /^(Running .*\n)? ! {4}The manifold is gone, and its dynos with it; [^\n]+\.\n$/)
    assert.equal(status, 1)
  }
})

test('an app folder that start --watch cannot read is told, and the formation is held', async (t) => {
  const joined = Promise.withResolvers<Duplex>()
  const sandbox = await openFake(t, {
    joins(app, socket) {
      writeFileSync(Buffer.concat([Buffer.from(`${app}/`), Buffer.of(0xff)]), '')
      joined.resolve(socket)
    },
  })
  const start = startFormation(sandbox, ['--watch', '--no-tty'])
  await start.says(/^ ! {4}The name '.*' is not UTF-8; [^\n]+\n/)
  ;(await joined.promise).destroy()
  assert.deepEqual(await start.ended, [1, null])
  assert.match(start.stderr(), /^( ! {4}[^\n]+\.\n){2}$/)
})

for (const [name, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${name} while dyno run connects ends it`, async (t) => {
    const joined = Promise.withResolvers<void>()
    const sandbox = await openFake(t, { joins: () => joined.resolve() })
    const run = startDyno(sandbox, ['run', 'ls'])
    await joined.promise
    const again = setInterval(() => run.kill(name), 100)
    t.after(() => clearInterval(again))
    const [left, signal] = await ended(run)
    assert.ok(left === status || signal === name, `${left} ${signal}`) // the latter before it has read the answer
  })
}

test('what a manifold said before it went is read to the end, though input can no longer be sent', async (t) => {
  const output = Buffer.alloc(150_000, 'x')
  for (const [last, status] of [[[jsonFrame(FRAME.exit, { status: 5 })], 5] as const, [[], 1] as const]) {
    const sandbox = await openFake(t, {
      joins(_, socket) {
        setImmediate(() => {
          socket.write(jsonFrame(FRAME.up, { name: 'run.1' }))
          socket.write(frameHeader(FRAME.stdout, output.length))
          socket.write(Buffer.concat([output, ...last]), () => socket.destroy())
        })
      },
    })
    const { stdout } = await script(
      sandbox,
      `yes | "$BIN" run --no-tty cat | (sleep 1; wc -c); echo "\${PIPESTATUS[1]}"`,
    )
    assert.equal(stdout, `${output.length}\n${status}\n`)
  }
})
