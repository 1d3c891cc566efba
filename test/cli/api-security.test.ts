import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { nobodySleeps, openSandbox, pidsOf, type Sandbox, sleepers, until } from '../harness.ts'
import { at, leftovers, meet, type OpenApi, openPort } from './api-client.ts'

let sandbox: Sandbox
let api: OpenApi
before(async () => {
  sandbox = openSandbox({ Procfile: 'web: sleep 98611\n' })
  api = await openPort(sandbox)
})
after(() => sandbox.close())

const mode = (path: string) => statSync(path).mode & 0o777
const manifolds = () => pidsOf(sandbox.folder, /__manifold/)
const run = async (command: string) =>
  (await api.call('POST', '/apps/app/dynos', { command, attach: true })).body as {
    name: string
    attach_url: string
  }

test('the socket and the keys are their user’s only, in folders that are', () => {
  const [runs, tls] = [`${sandbox.folder}/run/dyno`, `${sandbox.folder}/state/dyno/tls`]
  assert.deepEqual([mode(runs), mode(tls)], [0o700, 0o700])
  const sockets = readdirSync(runs).filter((name) => name.endsWith('.sock'))
  assert.deepEqual(
    sockets.map((name) => mode(`${runs}/${name}`)),
    [0o600],
  )
  const keys = readdirSync(tls)
  assert.deepEqual(keys.sort(), ['ca.key', 'ca.pem', 'localhost.key', 'localhost.pem'])
  for (const name of keys) assert.equal(mode(`${tls}/${name}`), 0o600)
  assert.equal(api.authorities, `${tls}/ca.pem`)
})

test('what our own clients may order cannot be ordered on the port', async () => {
  const { id } = (await api.call('POST', '/apps/app/slugs', {})).body
  const { id: session } = (await api.call('POST', '/apps/app/log-sessions', {})).body
  const orders: [string, string, unknown?][] = [
    ['POST', '/apps/app/api', { port: 1 }],
    ['DELETE', '/apps/app/api'],
    ['POST', '/apps/app/formation', { stack: {}, updates: [] }],
    ['DELETE', '/apps/app/formation', { manifold: true }],
    ['PUT', `/apps/app/slugs/${id}/blob`, { file: '/etc/hostname' }],
    ['POST', '/apps/app/dynos/web.1/actions/attach'],
    ['GET', '/apps/app/metrics'],
    ['GET', '/attach/x'],
    ['GET', `/logs/${session}`],
  ]
  for (const [method, path, body] of orders) {
    const reply = await api.call(method, path, body)
    assert.deepEqual([path, reply.status, reply.body?.id], [path, 404, 'not_found'])
  }
  for (const body of [{ stack: { slug: 'ab'.repeat(32) } }, { config: { A: '1' } }]) {
    assert.equal((await api.call('POST', '/apps/app/releases', body)).status, 422)
  }
  // Fields that are ours are as if they were not there.
  const ours = {
    live: sandbox.app,
    stack: {},
    walls: 'none',
    release: 'v9',
    caller: { A: 'x' },
    terminal: {},
  }
  const updates = [{ type: 'web', quantity: 0 }]
  assert.equal(
    (await api.call('PATCH', '/apps/app/formation', { updates, ...ours, watched: '/' })).status,
    200,
  )
  const made = await api.call('POST', '/apps/app/dynos', { command: 'touch /app/mark; sleep 98613', ...ours })
  assert.deepEqual([made.status, made.body.release.version], [201, 1])
  await until(
    () => sleepers(98613).length > 0,
    () => 'never ran',
  )
  assert.ok(!existsSync(`${sandbox.app}/mark`))
  await api.call('DELETE', `/apps/app/dynos/${made.body.name}`)
  await nobodySleeps(98613)
})

test('whatever is malformed or unknown gets an error of Heroku’s, and no dyno ends of it', async () => {
  const [pid] = manifolds()
  const deep = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`)
  const orders: [string, string, unknown?][] = [
    ...[null, [], 'x', 1, deep, { command: [] }, { command: 'a\0' }, { command: 'a', env: [] }].map(
      (body): [string, string, unknown] => ['POST', '/apps/app/dynos', body],
    ),
    ['POST', '/apps/app/dynos', { command: 'a', env: { A: 'x\0' } }],
    ['POST', '/apps/app/dynos', { command: 'a', type: '__proto__' }],
    ['POST', '/apps/app/dynos', { command: 'a', time_to_live: '9' }],
    ['POST', '/apps/app/dynos/run.999', { command: 'a' }],
    ['POST', '/apps/app/log-sessions', []],
    ['POST', '/apps/app/log-sessions', { dyno: 'x'.repeat(100_000) }],
    ['PATCH', '/apps/app/formation', { updates: [[]] }],
    ['PATCH', '/apps/app/formation', { updates: [{ type: 'constructor', quantity: 1 }] }],
    ['PATCH', '/apps/app/formation/web', { quantity: 'many' }],
    ['PATCH', '/apps/app/config-vars', { A: {} }],
    ['PATCH', '/apps/app/config-vars', { 'A=B': 'x' }],
    ['PATCH', '/apps/app/config-vars', { A: 'x'.repeat(70_000) }],
    ['POST', '/apps/app/slugs', { process_types: { 'a\nb': 'x' } }],
    ['POST', '/apps/app/releases', { slug: '../../x' }],
    ['POST', '/apps/app/releases', { release: '__proto__' }],
    ...['/apps/nope', '/apps/app/dynos/%00', '/apps/__proto__/dynos', '/apps/app/slugs/x', '/nothing'].map(
      (path): [string, string] => ['GET', path],
    ),
  ]
  for (const [method, path, body] of orders) {
    const reply = await api.call(method, path, body)
    assert.match(String(reply.status), /^(?:404|422)$/, `${path} ${reply.text}`)
    assert.deepEqual(Object.keys(reply.body), ['id', 'message'])
  }
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const nothing = JSON.parse(`{"${name}":null}`)
    assert.equal((await api.call('PATCH', '/apps/app/config-vars', nothing)).text, '{}\n')
  }
  assert.deepEqual(manifolds(), [pid])
})

test('an address that is a secret is good once, for one thing, and asks nothing else', async () => {
  const before = Number((await api.call('GET', '/apps/app')).headers['ratelimit-remaining'])
  for (const kind of ['logs', 'outputs', 'blobs']) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      assert.equal((await api.call(method, `/${kind}/x`, undefined, '')).status, 404)
    }
  }
  assert.equal(Number((await api.call('GET', '/apps/app')).headers['ratelimit-remaining']), before - 1)
  const session = await api.call('POST', '/apps/app/log-sessions', {})
  const log = at(session.body.logplex_url)
  assert.equal((await api.call('POST', log, {}, '')).status, 404)
  assert.equal((await api.call('GET', log.replace('logs', 'outputs'), undefined, '')).status, 404)
  assert.equal((await api.call('GET', log, undefined, '')).status, 200)
  assert.equal((await api.call('GET', log, undefined, '')).status, 404)
  const { attach_url: url } = await run('echo hello; sleep 98614')
  const [first, second] = [await meet(url), await meet(url)]
  first.socket.write(first.token)
  await until(
    () => first.said().includes('hello'),
    () => first.said(),
  )
  second.socket.write(second.token)
  await until(
    () => second.socket.closed,
    () => 'met twice',
  )
  assert.equal(second.said(), '')
  first.socket.destroy()
  await nobodySleeps(98614)
})

test('a slug’s file that is none leaves nothing, names no path of ours, and is taken once', async () => {
  for (const bytes of ['', 'no archive', 'x'.repeat(100_000)]) {
    const { id, blob } = (await api.call('POST', '/apps/app/slugs', {})).body
    const reply = await api.call('PUT', at(blob.url), Buffer.from(bytes), '')
    assert.deepEqual([reply.status, reply.body.id], [422, 'invalid_params'])
    assert.ok(!reply.text.includes(sandbox.folder), reply.text)
    assert.equal((await api.call('PUT', at(blob.url), Buffer.from(bytes), '')).status, 404)
    assert.equal((await api.call('POST', '/apps/app/releases', { slug: id })).status, 422)
  }
  assert.deepEqual(leftovers(sandbox), [])
})
