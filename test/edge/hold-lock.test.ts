import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { holdLock } from '../../src/edge/hold-lock.ts'
import { ended, until } from '../harness.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))

const HOLDER = `import { holdLock } from ${JSON.stringify(new URL('../../src/edge/hold-lock.ts', import.meta.url).href)}
console.log(holdLock(process.argv[1], 'app'))
setInterval(() => {}, 1 << 30)`

test('of two processes one gets the lock, until it is killed', async () => {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, folder])
  let text = ''
  holder.stdout.on('data', (chunk) => {
    text += chunk
  })
  await until(
    () => text.includes('\n'),
    () => 'it said nothing',
  )
  assert.equal(text, 'true\n')
  assert.equal(holdLock(folder, 'app'), false)
  assert.equal(holdLock(folder, 'another'), true)
  const end = ended(holder)
  holder.kill('SIGKILL')
  await end
  assert.equal(holdLock(folder, 'app'), true)
  assert.equal(holdLock(folder, 'app'), false)
})

test('nobody who may not write to the folder can take it', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const server = createServer().listen(`\0dyno:${folder}:mine`.slice(0, 107))
  t.after(() => server.close())
  await once(server, 'listening')
  assert.equal(holdLock(folder, 'mine'), true)
  assert.deepEqual(readdirSync(folder).sort(), ['another.lock', 'app.lock', 'mine.lock'])
})
