import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import test from 'node:test'
import type { Diagnosis, Lack } from '../../src/core/diagnosis.ts'
import { dyno, openSandbox } from '../harness.ts'

const sandbox = openSandbox({ Procfile: 'worker: true\nweb: node server.js\nrelease: true\n' })
test.after(() => sandbox.close())

type Told = Diagnosis & { readonly degraded: readonly Lack[] }

async function told(): Promise<Told> {
  const { stdout, status } = await dyno(sandbox, ['doctor', '--json'])
  assert.equal(status, 0)
  return JSON.parse(stdout) as Told
}

test('dyno doctor says that dynos can run, and where things are', async () => {
  const { stdout, status } = await dyno(sandbox, ['doctor'])
  assert.equal(status, 0)
  assert.match(stdout, /^Dynos can run here/)
  assert.match(stdout, /^Walls: +(?:full|folders only)/m)
  assert.ok(stdout.includes(`${sandbox.folder}/run/dyno\n`))
  assert.ok(stdout.includes(`${sandbox.folder}/state/dyno\n`))
})

test('dyno doctor --json has the ports of the app that it is asked in, and not those of its release command', async () => {
  const base = Number(sandbox.env['PORT'])
  const { ports } = await told()
  assert.deepEqual(
    ports.map(({ port, of }) => `${port - base} ${of}`),
    ['0 router', '1 web.1', '100 worker.1'],
  )
})

test('dyno doctor names who has a port', async (t) => {
  const server = createServer().listen(Number(sandbox.env['PORT']) + 1, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { degraded } = await told()
  const port = degraded.find(({ of }) => of === 'ports')!
  assert.ok(port.why.includes(`pid ${process.pid}`), port.why)
})

test('dyno doctor says that nothing is drawn where the output is a pipe', async () => {
  const { degraded, screen } = await told()
  assert.equal(screen.output, false)
  assert.ok(degraded.some(({ of }) => of === 'dashboard'))
})

test('dyno doctor says of an app that it cannot read what it can', async () => {
  const { status } = await dyno(sandbox, ['doctor', '--app', sandbox.folder])
  assert.equal(status, 0)
  const { stderr, status: missing } = await dyno(sandbox, ['doctor', '--app', 'nowhere'])
  assert.match(stderr, /There is no folder nowhere/)
  assert.equal(missing, 1)
})

test('dyno version --json has what a report of a bug needs', async () => {
  const { stdout } = await dyno(sandbox, ['version', '--json'])
  const versions = JSON.parse(stdout) as Diagnosis['versions']
  assert.match(versions.dyno, /^\d+\.\d+\.\d+/)
  assert.deepEqual([versions.platform, versions.arch], [process.platform, process.arch])
  assert.equal(typeof versions.single_binary, 'boolean')
})
