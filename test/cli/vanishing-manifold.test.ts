import assert from 'node:assert/strict'
import { mkdirSync, realpathSync } from 'node:fs'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { appAt } from '../../src/core/app.ts'
import { dyno, openSandbox } from '../harness.ts'

const COMMANDS = [
  ['run', 'ls'],
  ['ps:exec', 'worker.1', 'ls'],
  ['start', '--no-tty'],
]

test('a manifold that is killed before its answer is followed up is one sentence', async (t) => {
  const sandbox = openSandbox({ Procfile: 'worker: sleep 98884\n' })
  // It answers every order with an address, and is gone when somebody comes to it.
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void request.socket.destroy()
    response.statusCode = 201
    response.end(JSON.stringify({ name: 'run.1', attach_url: '/joined' }))
  })
  server.on('upgrade', (_, socket) => socket.destroy())
  t.after(async () => {
    server.close()
    await sandbox.close()
  })
  mkdirSync(`${sandbox.folder}/run/dyno`, { mode: 0o700 })
  const socket = `${sandbox.folder}/run/dyno/${appAt(realpathSync(sandbox.app)).key}.sock`
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  for (const words of COMMANDS) {
    const { stderr, status } = await dyno(sandbox, words)
    assert.match(stderr, /^(Running .*\n)? ! {4}The manifold is gone, and its dynos with it; [^\n]+\.\n$/)
    assert.equal(status, 1)
  }
})
