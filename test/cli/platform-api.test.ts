import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { dyno, nobodySleeps, openSandbox, pidsOf, type Sandbox } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('misbehaving')
})
after(() => sandbox.close())

test('twenty clients at once get one manifold and twenty names', async () => {
  const runs = await Promise.all(Array.from({ length: 20 }, () => dyno(sandbox, ['run', 'echo', '$DYNO'])))
  assert.equal(new Set(runs.map(({ stdout }) => stdout)).size, 20)
  for (const { stdout, stderr, status } of runs) {
    assert.match(stderr, new RegExp(`up, ${stdout.trim().replace('.', '\\.')}\\n$`))
    assert.equal(status, 0)
  }
  assert.equal(pidsOf(sandbox.folder, /__manifold/).length, 1)
})

type Reply = { status: number; body: unknown }

function call(method: string, path: string, body?: unknown): Promise<Reply> {
  const run = `${sandbox.folder}/run/dyno`
  const socketPath = `${run}/${readdirSync(run).find((name) => name.endsWith('.sock'))}`
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, agent: false }, async (response) => {
      const text = (await response.toArray()).join('')
      resolve({ status: response.statusCode!, body: JSON.parse(text) })
    })
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

test('the socket speaks the Platform API to anybody', async () => {
  const name = /run\.\d+/.exec((await dyno(sandbox, ['run:detached', 'sleep', '98807'])).stdout)![0]
  const list = await call('GET', '/apps/app/dynos')
  assert.deepEqual([list.status, (list.body as { name: string }[]).map((dyno) => dyno.name)], [200, [name]])
  const awaiting = await call('POST', '/apps/app/dynos', { command: 'echo never', attach: true })
  const { name: second, attach_url: url, state } = awaiting.body as Record<string, string>
  assert.deepEqual([awaiting.status, state], [201, 'starting'])
  assert.match(url!, /^\/attach\//)
  const one = await call('GET', `/apps/app/dynos/${second}`)
  assert.equal((one.body as { name: string }).name, second)
  assert.equal((await call('POST', `/apps/app/dynos/${second}/actions/stop`)).status, 202)
  assert.equal((await call('DELETE', `/apps/app/dynos/${name}`)).status, 202)
  await nobodySleeps(98807)
  await dyno(sandbox, ['ps:stop', name])
  assert.deepEqual((await call('GET', '/apps/app/dynos')).body, [])
})

test('a wrong request is answered with an error of the Platform API, and the manifold goes on', async () => {
  await dyno(sandbox, ['run', 'true'])
  const wrong: [string, string, unknown, number, string][] = [
    ['GET', '/apps/nope/dynos', undefined, 404, 'not_found'],
    ['GET', '/apps/app/dynos/run.999', undefined, 404, 'not_found'],
    ['PUT', '/apps/app/dynos', {}, 404, 'not_found'],
    ['GET', '/apps/%E0%A4/dynos', undefined, 400, 'bad_request'],
    ['POST', '/apps/app/dynos', {}, 422, 'invalid_params'],
    ['POST', '/apps/app/dynos', { command: 'x', size: 'huge' }, 422, 'invalid_params'],
    ['POST', '/apps/app/dynos', { command: 'x', env: { A: [] } }, 422, 'invalid_params'],
  ]
  for (const [method, path, body, status, id] of wrong) {
    const reply = await call(method, path, body)
    assert.deepEqual([path, reply.status, (reply.body as { id: string }).id], [path, status, id])
  }
  assert.equal(pidsOf(sandbox.folder, /__manifold/).length, 1)
})
