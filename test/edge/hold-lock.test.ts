import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { holdLock } from '../../src/edge/hold-lock.ts'
import { ended, until } from '../harness.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))

const HOLDER = `import { holdLock } from ${JSON.stringify(new URL('../../src/edge/hold-lock.ts', import.meta.url).href)}
console.log(await holdLock(process.argv[1], 'app'))
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
  assert.equal(await holdLock(folder, 'app'), false)
  assert.equal(await holdLock(folder, 'another'), true)
  const end = ended(holder)
  holder.kill('SIGKILL')
  await end
  assert.equal(await holdLock(folder, 'app'), true)
  assert.equal(await holdLock(folder, 'app'), false)
})
