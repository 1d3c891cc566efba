import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dyno, openSandbox, type Sandbox, sleepers } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('misbehaving')
})
after(() => sandbox.close())

async function detach(...words: string[]): Promise<string> {
  const ran = await dyno(sandbox, ['run:detached', ...words])
  return /run\.\d+/.exec(ran.stdout)![0]
}

test('two apps at once do not see each other', async (t) => {
  const other = openSandbox('widgets')
  t.after(other.close)
  const both = { ...other, env: sandbox.env }
  const mine = await detach('sleep', '98805')
  const theirs = await dyno(both, ['run:detached', 'sleep', '98806'])
  assert.match(theirs.stdout, /up, run\.1\n/)
  assert.doesNotMatch((await dyno(sandbox, ['ps'])).stdout, /98806/)
  assert.doesNotMatch((await dyno(both, ['ps'])).stdout, /98805/)
  assert.doesNotMatch((await dyno(both, ['logs'])).stdout, /98805/)
  await dyno(both, ['ps:stop', 'run.1'])
  assert.deepEqual(sleepers(98806), [])
  assert.equal(sleepers(98805).length, 1)
  await dyno(sandbox, ['ps:stop', mine])
})

test('--app speaks of an app from anywhere', async () => {
  const from = { cwd: '/' }
  const ran = await dyno(sandbox, ['run', '--app', sandbox.app, 'args', 'a b'], from)
  assert.equal(ran.stdout, '1 arguments\n[a b]\n')
  assert.equal((await dyno(sandbox, ['ps', '-a', sandbox.app], from)).stdout, 'No dynos on app\n')
  assert.match((await dyno(sandbox, ['logs', '-a', sandbox.app], from)).stdout, /args/)
})
