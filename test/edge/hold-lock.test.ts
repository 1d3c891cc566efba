import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { holdLock } from '../../src/edge/hold-lock.ts'
import { ended, until } from '../harness.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))

const LOCK = new URL('../../src/edge/hold-lock.ts', import.meta.url).href
const PROGRAM = `import { holdLock } from ${JSON.stringify(LOCK)}
console.log(holdLock(process.argv[1], process.argv[2]))`
const HOLDER = `${PROGRAM}
setInterval(() => {}, 1 << 30)`
// Who has the lock has a folder as well, and nobody else can make that.
const CROWD = `import { holdLock } from ${JSON.stringify(LOCK)}
import { mkdirSync, rmdirSync } from 'node:fs'
while (!holdLock(process.argv[1], 'crowd')) await new Promise((resolve) => setTimeout(resolve, 3))
try {
  mkdirSync(process.argv[1] + '/mine')
  await new Promise((resolve) => setTimeout(resolve, 20))
  rmdirSync(process.argv[1] + '/mine')
  console.log('mine')
} catch {
  console.log('shared')
}`
const run = (program: string, name: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', program, folder, name])

test('of two processes one gets the lock, until it is killed', async () => {
  const holder = run(HOLDER, 'app')
  let said = ''
  holder.stdout.on('data', (chunk) => {
    said += chunk
  })
  await until(
    () => said.includes('\n'),
    () => 'it said nothing',
  )
  assert.equal(said, 'true\n')
  assert.equal(holdLock(folder, 'app'), false)
  assert.equal(holdLock(folder, 'another'), true)
  const end = ended(holder)
  holder.kill('SIGKILL')
  await end
  assert.equal(holdLock(folder, 'app'), true)
  assert.equal(holdLock(folder, 'app'), false)
})

test('who ends by itself leaves no file, and what one that was killed has left is taken', async () => {
  const file = `${folder}/short.lock`
  assert.deepEqual(await ended(run(PROGRAM, 'short')), [0, null])
  assert.equal(existsSync(file), false)
  writeFileSync(file, '')
  assert.deepEqual(await ended(run(PROGRAM, 'short')), [0, null])
  assert.equal(existsSync(file), false)
})

test('of many who come and go at once no two have the lock', async () => {
  const others = Array.from({ length: 6 }, () => run(CROWD, 'crowd'))
  const texts = await Promise.all(others.map((each) => text(each.stdout)))
  const turns = texts.flatMap((said) => said.split('\n').filter(Boolean))
  assert.ok(turns.includes('mine'))
  assert.deepEqual(
    turns.filter((turn) => turn === 'shared'),
    [],
  )
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
