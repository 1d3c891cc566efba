import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { test } from 'node:test'
import { appAt } from '../../src/core/app.ts'
import { dyno, openSandbox, pidsOf } from '../harness.ts'

test('who comes while another manifold is about to end waits for its end, and has one of its own', async (t) => {
  const sandbox = openSandbox({ Procfile: 'web: true\n' })
  t.after(() => sandbox.close())
  const runtime = `${sandbox.folder}/run/dyno`
  mkdirSync(runtime, { mode: 0o700 })
  const lock = new URL('../../src/edge/hold-lock.ts', import.meta.url)
  const program = `import { holdLock } from '${lock}'
    console.log(holdLock('${runtime}', '${appAt(realpathSync(sandbox.app)).key}'))
    setTimeout(() => {}, 60_000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program])
  t.after(() => holder.kill())
  assert.equal(String(await once(holder.stdout, 'data')), 'true\n')
  const ran = dyno(sandbox, ['run', 'echo here'])
  setTimeout(() => holder.kill(), 3000)
  const { stdout, stderr, status } = await ran
  assert.deepEqual([stdout, status], ['here\n', 0], stderr)
  assert.equal(pidsOf(sandbox.folder, /__manifold/).length, 1)
})
