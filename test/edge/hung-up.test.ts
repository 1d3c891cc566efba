import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { ask, isThere, NobodyThere } from '../../src/edge/dial-manifold.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))
const path = `${folder}/manifold.sock`
const order = { method: 'POST', path: '/apps/app/releases', body: {} }

/** Somebody who hears an order and hangs up without a word. */
async function hangUp(beforehand: (server: Server) => void) {
  const server = createServer((socket) => {
    socket.once('data', () => {
      beforehand(server)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

test('where nobody is, or one that leaves has heard nothing, somebody else can be asked', async () => {
  assert.equal(await isThere(path), false)
  await assert.rejects(ask(path, order), NobodyThere)
  const leaves = await hangUp((server) => server.close())
  assert.equal(await isThere(path), true)
  await assert.rejects(ask(path, order), NobodyThere)
  leaves.close()
  assert.equal(await isThere(path), false)
})

test('an order whose manifold is killed is not given again', async () => {
  // What a killed one leaves: a socket that nobody listens on.
  const { promise, resolve } = Promise.withResolvers<void>()
  const program = `require('net').createServer((socket) => socket.once('data', () => process.kill(process.pid, 'SIGKILL'))).listen('${path}', () => console.log('here'))`
  const child = spawn(process.execPath, ['-e', program])
  child.stdout.once('data', () => resolve())
  await promise
  await assert.rejects(ask(path, order), (error) => error instanceof Problem && /is gone/.test(error.message))
  await assert.rejects(ask(path, order), NobodyThere)
})

test('an answer that breaks off is no answer', async (t) => {
  const half = 'HTTP/1.1 200 OK\r\n\r\n{"version": 1'
  const server = createServer((socket) => socket.once('data', () => socket.end(half)))
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(`${folder}/half.sock`, resolve))
  await assert.rejects(ask(`${folder}/half.sock`, order), /The manifold is gone/)
})
