import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { type TestContext, test } from 'node:test'
import { findNeighbours } from '../../src/cli/api/neighbours.ts'
import { FRAME, readFrames } from '../../src/core/wire/frame.ts'
import { openWire } from '../../src/edge/attach/open-wire.ts'
import { until } from '../harness.ts'

const besides = (folder: string) => ({ socket: `${folder}/ours.sock`, folders: { state: `${folder}/state` } })

/** Manifolds that say they are these folders', and what wants to be joined with a dyno of theirs. */
async function openManifolds(t: TestContext, roots: readonly string[]) {
  const runtime = mkdtempSync(`${tmpdir()}/dyno-t-`)
  t.after(() => rmSync(runtime, { recursive: true }))
  const upgrades: Socket[] = []
  for (const [i, root] of roots.entries()) {
    const server = createServer((_, response) => response.end(JSON.stringify([{ name: 'b', root }])))
    server.on('upgrade', (_, socket) => upgrades.push(socket as Socket))
    await new Promise<void>((resolve) => server.listen(`${runtime}/${i}.sock`, resolve))
    t.after(() => {
      server.close()
      server.closeAllConnections()
      for (const socket of upgrades) socket.destroy()
    })
  }
  return { upgrades, find: () => findNeighbours(besides(runtime)) }
}

test('an app that is being checked is no other app', async (t) => {
  const { find } = await openManifolds(t, ['/path/b', 'check:/path/b'])
  assert.deepEqual(
    (await find()).found.map(({ app }) => app.root),
    ['/path/b'],
  )
})

test('of a manifold that does not answer the name and the key of its app are known', async (t) => {
  const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
  t.after(() => rmSync(folder, { recursive: true }))
  for (const key of ['0123456789abcdef', 'fedcba9876543210', '0000000000000000']) {
    const server = createServer(() => {}) // it has no state where it is only checked
    await new Promise<void>((resolve) => server.listen(`${folder}/${key}.sock`, resolve))
    t.after(() => {
      server.close()
      server.closeAllConnections()
    })
  }
  for (const name of ['my-app-0123456789abcdef', 'b-fedcba9876543210', 'gone-1111111111111111'])
    mkdirSync(`${folder}/state/${name}`, { recursive: true })
  const { found, silent } = await findNeighbours(besides(folder))
  assert.deepEqual(found, [])
  assert.deepEqual(
    silent.toSorted((a, b) => a.key.localeCompare(b.key)),
    [
      { name: 'my-app', key: '0123456789abcdef' },
      { name: 'b', key: 'fedcba9876543210' },
    ],
  )
})

test('what is said before another manifold answers waits where it is counted, and is all handed over', async (t) => {
  const { find, upgrades } = await openManifolds(t, ['/path/b'])
  const [neighbour] = (await find()).found
  const end = openWire({ hear: () => true, finish() {}, took() {} })
  neighbour!.attach('/attach/x', () => end.wire)
  const text = Array.from({ length: 100 }, (_, i) => `${i} `.repeat(1000))
  for (const part of text) end.say(FRAME.stdin, Buffer.from(part))
  await until(
    () => upgrades.length > 0,
    () => 'never asked',
  )
  assert.ok(end.kept > text.join('').length)
  const socket = upgrades[0]!
  const read = readFrames()
  let said = ''
  socket.on('data', (chunk: Buffer) => {
    for (const { payload } of read(chunk)) said += Buffer.from(payload)
  })
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n')
  await until(
    () => said === text.join(''),
    () => `${said.length} bytes came`,
  )
  assert.equal(end.kept, 0)
})
