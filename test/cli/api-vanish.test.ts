import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { dyno, kill, nobodySleeps, openSandbox, pidsOf, type Sandbox, sleepers, until } from '../harness.ts'
import { at, comes, leftovers, meet, type OpenApi, openPort } from './api-client.ts'

let sandbox: Sandbox
let api: OpenApi
before(async () => {
  sandbox = openSandbox({ Procfile: 'web: sleep 98621\n' })
  api = await openPort(sandbox)
})
after(() => sandbox.close())

const manifolds = () => pidsOf(sandbox.folder, /__manifold/)
const dynos = async (): Promise<string[]> => {
  return (await api.call('GET', '/apps/app/dynos')).body.map(({ name }: { name: string }) => name)
}
const run = async (command: string) =>
  (await api.call('POST', '/apps/app/dynos', { command, attach: true })).body as {
    name: string
    attach_url: string
  }

test('clients that vanish at any stage of an attach leave nothing', async () => {
  const never = await run('sleep 98615')
  const afterTls = await run('sleep 98616')
  ;(await meet(afterTls.attach_url)).socket.destroy()
  const afterToken = await run('sleep 98617')
  const told = await meet(afterToken.attach_url)
  told.socket.end(told.token)
  const whileItRuns = await meet((await run('sleep 98618')).attach_url)
  whileItRuns.socket.write(whileItRuns.token)
  const unread = await meet((await run('sleep 98619 & yes')).attach_url)
  unread.socket.pause().write(unread.token)
  await until(
    () => [98618, 98619].every((seconds) => sleepers(seconds).length > 0),
    () => 'never ran',
  )
  for (const { socket } of [told, whileItRuns, unread]) socket.destroy()
  // Who has not shown a token may still come: those two wait for half a minute.
  await comes(
    async () => (await dynos()).join() === [never.name, afterTls.name].join(),
    () => 'a dyno is left',
  )
  for (const { name } of [never, afterTls]) await api.call('DELETE', `/apps/app/dynos/${name}`)
  await comes(
    async () => (await dynos()).length === 0,
    () => 'a dyno is left',
  )
  for (const seconds of [98615, 98616, 98617, 98618, 98619]) await nobodySleeps(seconds)
})

test('another app’s things are not this one’s, and an app that has ended is not there', async () => {
  const other = `${sandbox.folder}/other`
  mkdirSync(other)
  writeFileSync(`${other}/Procfile`, 'release: echo the other secret\nweb: sleep 98612\n')
  const theirs = await openPort(sandbox, other)
  const { id: slug, blob } = (await theirs.call('POST', '/apps/other/slugs', {})).body
  await theirs.call('PATCH', '/apps/other/config-vars', { A: '1' })
  const { id: release } = (await theirs.call('GET', '/apps/other/releases')).body[0]
  for (const path of [`/apps/app/slugs/${slug}`, `/apps/app/releases/${release}`]) {
    assert.equal((await api.call('GET', path)).status, 404)
  }
  assert.equal((await api.call('GET', '/apps/app', undefined, theirs.key)).status, 401)
  assert.equal((await api.call('PUT', at(blob.url), Buffer.from('x'), '')).status, 404)
  assert.equal((await api.call('GET', '/apps/other/dynos/%3Fx')).status, 404)
  const ran = (await api.call('GET', '/apps/other/releases')).body.at(-1)
  const output = at(ran.output_stream_url)
  assert.equal((await api.call('GET', output, undefined, '')).text, 'the other secret\n')
  const upload = at((await api.call('POST', '/apps/other/slugs', {})).body.blob.url)
  await dyno(sandbox, ['down'], { cwd: other })
  await until(
    () => manifolds().length === 1,
    () => 'the other manifold stays',
  )
  for (const [method, path] of [
    ['GET', output],
    ['PUT', upload],
    ['GET', '/apps/other'],
  ] as const) {
    assert.equal((await api.call(method, path, method === 'PUT' ? Buffer.from('x') : undefined)).status, 404)
  }
})

test('a manifold that is killed with the port open leaves no key that is good, and the next one is clean', async (t) => {
  const { attach_url: url } = await run('sleep 98620')
  const half = connect(api.port, '127.0.0.1')
  t.after(() => half.destroy())
  half.on('error', () => {})
  const upload = at((await api.call('POST', '/apps/app/slugs', {})).body.blob.url)
  half.write(`PUT ${upload} HTTP/1.1\r\nHost: localhost:${api.port}\r\nContent-Length: 100\r\n\r\nhalf`)
  await until(
    () => leftovers(sandbox).length > 0,
    () => 'never received',
  )
  const killed = manifolds()
  for (const pid of killed) kill(pid, 'SIGKILL')
  await until(
    () => half.closed && !killed.some((pid) => existsSync(`/proc/${pid}`)),
    () => 'never killed',
  )
  const old = api
  api = await openPort(sandbox)
  assert.deepEqual([await dynos(), leftovers(sandbox)], [[], []])
  assert.notEqual(api.key, old.key)
  assert.equal((await api.call('GET', '/apps/app', undefined, old.key)).status, 401)
  const again = await run('true')
  const { socket, token, said } = await meet(again.attach_url)
  t.after(() => socket.destroy())
  socket.write(`${at(url).slice(1)}\r\n`)
  await until(
    () => socket.closed,
    () => `an old token is good: ${said()}`,
  )
  assert.notEqual(token, at(url))
})

test('junk at both ports harms nobody, and ‘dyno down’ closes them', async (t) => {
  const terminals = Number(new URL((await run('true')).attach_url).port)
  for (const port of [api.port, terminals]) {
    for (const junk of [
      '\0'.repeat(100_000),
      'GET / HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\0\x01\0\x01\xfc',
      '\r\n'.repeat(9),
    ]) {
      const socket = connect(port, '127.0.0.1')
      t.after(() => socket.destroy())
      socket.on('error', () => {}).resume()
      socket.end(junk, 'latin1')
    }
  }
  assert.equal((await api.call('GET', '/apps/app')).status, 200)
  await dyno(sandbox, ['down'])
  await assert.rejects(api.call('GET', '/apps/app'), { code: 'ECONNREFUSED' })
  const socket = connect(terminals, '127.0.0.1')
  t.after(() => socket.destroy())
  await assert.rejects(
    new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
  )
})
