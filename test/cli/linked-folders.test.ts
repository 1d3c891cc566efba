import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { test } from 'node:test'
import { dyno, nobodySleeps, openSandbox } from '../harness.ts'

const APP = { Procfile: 'web: true\n' }

test('what leaves its dyno in folder walls is found where the cache is reached by a link', async (t) => {
  const sandbox = openSandbox(APP)
  t.after(sandbox.close)
  mkdirSync(`${sandbox.folder}/cache`)
  symlinkSync('cache', `${sandbox.folder}/link`)
  const seconds = 900_000 + (process.pid % 10_000)
  const line = `env -i "$(command -v setsid)" sleep ${seconds} </dev/null >/dev/null 2>&1 & sleep 0.3; pwd`
  const ran = await dyno(sandbox, ['run', '--walls', 'folder', line], {
    env: { XDG_CACHE_HOME: `${sandbox.folder}/link` },
  })
  assert.equal(ran.status, 0, ran.stderr)
  assert.ok(ran.stdout.startsWith(`${sandbox.folder}/cache/dyno/copies/`), ran.stdout)
  await nobodySleeps(seconds)
})

// Below /tmp a dyno does not see it anyway.
const isRoot = process.geteuid?.() === 0
test('full walls stand where the runtime folder is reached by a link', { skip: !isRoot }, async (t) => {
  const sandbox = openSandbox(APP)
  const elsewhere = mkdtempSync('/var/lib/dyno-t-')
  t.after(async () => {
    await sandbox.close()
    rmSync(elsewhere, { recursive: true })
  })
  symlinkSync(`${sandbox.folder}/run`, `${elsewhere}/run`)
  const env = { XDG_RUNTIME_DIR: `${elsewhere}/run` }
  const linked = await dyno(sandbox, ['run', '--walls', 'full', 'pwd'], { env })
  assert.deepEqual([linked.stdout, linked.status], ['/app\n', 0], linked.stderr)
  const other = await dyno(sandbox, ['run', '--walls', 'full', 'echo $DYNO'])
  assert.equal(other.stdout, 'run.2\n', 'by its own path it is the same manifold')
})
