import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { listeningPorts } from '../../src/edge/ports/listening-ports.ts'
import { probePort } from '../../src/edge/ports/probe-port.ts'
import { ended } from '../harness.ts'

const HOSTS = ['0.0.0.0', '127.0.0.1', '::', '::1']

/** A server of our own on a port that the kernel chooses, or this one. */
async function listen(
  options: ListenOptions,
): Promise<{ server: Server; port: number; close(): Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: 0, ...options }, resolve)
  })
  const { port } = server.address() as { port: number }
  return { server, port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

for (const host of HOSTS) {
  suite(`a port that somebody listens on at ${host}`, () => {
    test('is listed while it is so, and nobody connects to it', async () => {
      const { server, port, close } = await listen({ host })
      const callers: Socket[] = []
      server.on('connection', (caller) => callers.push(caller))
      assert.ok(listeningPorts().has(port))
      await close()
      assert.ok(!listeningPorts().has(port))
      assert.deepEqual(callers, [])
    })

    test('is not free, and its holder is named', async () => {
      const { port, close } = await listen({ host })
      const holder = await probePort(port)
      assert.ok(holder !== 'free' && holder.is === 'process')
      assert.equal(holder.pid, process.pid)
      assert.match(holder.command, /^\S*node .*ports\.test\.ts/)
      await close()
      assert.equal(await probePort(port), 'free')
    })
  })
}

test('another program that has a port is named with its command and pid', async () => {
  const script =
    "require('node:net').createServer().listen(0, function () { console.log(this.address().port) })"
  const child = spawn(process.execPath, ['-e', script, 'a word'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = await new Promise<[Buffer]>((resolve) =>
    child.stdout.once('data', (...args) => resolve(args)),
  )
  const holder = await probePort(Number(chunk))
  assert.deepEqual(holder, {
    is: 'process',
    pid: child.pid,
    command: `${process.execPath} -e ${script} a word`,
  })
  child.kill()
  await ended(child)
  assert.equal(await probePort(Number(chunk)), 'free')
})

test('a port is free again once it was probed, however often', async () => {
  const { port, close } = await listen({})
  await close()
  for (let i = 0; i < 5; i++) assert.equal(await probePort(port), 'free')
  assert.ok(!listeningPorts().has(port))
})

test('every listening port is listed, also when there are hundreds and connections beside them', async () => {
  const servers = await Promise.all(Array.from({ length: 200 }, () => listen({ host: '127.0.0.1' })))
  const ports = listeningPorts()
  assert.deepEqual(
    servers.filter(({ port }) => !ports.has(port)),
    [],
  )
  for (const { close } of servers) await close()
})

test('an ordinary user hears that a port is another user’s, or for root only', {
  skip: process.geteuid?.() !== 0,
}, async () => {
  const { port, close } = await listen({})
  const edge = fileURLToPath(new URL('../../src/edge/ports/probe-port.ts', import.meta.url))
  const script = `import(${JSON.stringify(edge)}).then(async ({ probePort }) =>
      console.log(JSON.stringify([await probePort(${port}), await probePort(1)])))`
  const ids = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath, '-e', script]
  const child = spawn('setpriv', ids, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  await ended(child)
  const [taken, low] = JSON.parse(text)
  assert.deepEqual(taken, { is: 'unknown' })
  assert.ok(
    ['reserved', undefined].includes(low.is),
    'reserved, unless this kernel lets anybody have low ports',
  )
  await close()
})
