import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from './bench-app.ts'
import { isOnPath } from './formation/peers.ts'
import { killGroup, usageOf } from './formation/watch.ts'
import { median, report } from './stopwatch.ts'
import { holdSockets } from './web-sockets.ts'

const ROUNDS = 5
const SECONDS = 3
const CLIENTS = 40

/** Where httpxy and http-proxy-3 are installed, if they are. */
const MODULES = process.env['DYNO_BENCH_MODULES'] ?? '/opt/peers/node_modules'

/** One that takes requests to the same server as the others. */
type Proxy = {
  readonly name: string
  readonly port: number
  readonly isMeant: (commandLine: string) => boolean
}

const SERVER = `const http = require('node:http')
const server = http.createServer((_, response) => response.setHeader('Content-Type', 'text/plain').end('hello world\\n'))
server.on('upgrade', ({ headers }, socket) => {
  socket.on('error', () => {})
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: ' + headers.upgrade + '\\r\\n\\r\\n')
})
server.listen(process.env.PORT)
`

/** Requests per second and CPU time for each, beside the proxies that this machine has; and open WebSockets. */
export async function benchRouter(app: BenchApp): Promise<void> {
  if (!isOnPath('wrk')) {
    process.stdout.write('      wrk: not on PATH, the router is left out\n')
    return
  }
  const folder = `${app.scratch}/router`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/server.js`, SERVER)
  writeFileSync(`${folder}/Procfile`, `web: ${process.execPath} server.js\n`)
  const options = { cwd: folder, env: { ...process.env, ...app.env } }
  const base = 17_000
  execFileSync(app.dyno, ['start', '--detach', '--no-tty', '-p', String(base)], options)
  execFileSync(app.dyno, ['ps:wait'], options)
  const ours: Proxy = { name: 'dyno', port: base, isMeant: (line) => line.includes(`__manifold ${folder} `) }
  const children: ChildProcess[] = []
  try {
    const proxies = [ours, ...startPeers(folder, base + 1, children)]
    for (const { port } of proxies) await listens(port)
    compare(proxies)
    await holdSockets({ port: base, memory: () => usageOf(ours.isMeant).memory })
  } finally {
    for (const child of children) killGroup(child)
    execFileSync(app.dyno, ['down'], options)
  }
}

function compare(proxies: readonly Proxy[]): void {
  const runs = new Map(proxies.map(({ name }) => [name, [] as Run[]]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const proxy of proxies) {
      const run = load(proxy)
      if (round >= 0) runs.get(proxy.name)!.push(run) // the first round warms up
    }
  }
  const of = (name: string, part: keyof Run) => median(runs.get(name)!.map((run) => run[part]))
  for (const { name } of proxies) {
    report(`thousand requests/s: ${name}`, of(name, 'rate') / 1000, 'to know', true)
    report(`µs of CPU a request: ${name}`, of(name, 'cpu'), 'to know', true)
    report(`ms to the answer, 99 %: ${name}`, of(name, 'p99'), 'to know', true)
  }
  const known = (names: readonly string[]) => names.filter((name) => runs.has(name))
  const best = Math.max(...known(['httpxy', 'http-proxy-3']).map((name) => of(name, 'rate')))
  const ratio = of('dyno', 'rate') / best
  if (best > 0)
    report('requests/s: dyno / the better of httpxy and http-proxy-3', ratio, 'at least 1.5', ratio >= 1.5)
  if (known(['nf -x']).length > 0) {
    const times = of('dyno', 'rate') / of('nf -x', 'rate')
    report('requests/s: dyno / nf -x', times, 'at least 4', times >= 4)
  }
}

type Run = { readonly rate: number; readonly cpu: number; readonly p99: number }

function load({ name, port, isMeant }: Proxy): Run {
  const before = usageOf(isMeant).cpu
  const args = ['-t1', `-c${CLIENTS}`, `-d${SECONDS}s`, '--latency', `http://127.0.0.1:${port}/`]
  const said = execFileSync('wrk', args, { encoding: 'utf8' })
  const cpu = usageOf(isMeant).cpu - before
  const failed = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(said)
  if (failed) throw new Error(`${name}: ${failed[0]}`)
  const count = Number(/(\d+) requests in/.exec(said)![1])
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(said)!
  const milliseconds = Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's']
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(said)![1]),
    cpu: (cpu * 1000) / count,
    p99: milliseconds,
  }
}

function startPeers(folder: string, server: number, children: ChildProcess[]): Proxy[] {
  const start = (argv: readonly [string, ...string[]], env: Record<string, string> = {}): void => {
    const [file, ...args] = argv
    children.push(
      spawn(file, args, { cwd: folder, detached: true, stdio: 'ignore', env: { ...process.env, ...env } }),
    )
  }
  const proxies: Proxy[] = []
  let port = server + 100
  for (const [name, entry] of [
    ['httpxy', 'httpxy/dist/index.mjs'],
    ['http-proxy-3', 'http-proxy-3/dist/lib/index.js'],
  ] as const) {
    if (!existsSync(`${MODULES}/${entry}`)) {
      process.stdout.write(`      ${name}: not in ${MODULES}, left out\n`)
      continue
    }
    const file = `${folder}/${name}.mjs`
    writeFileSync(file, proxyScript(`${MODULES}/${entry}`, server, ++port))
    start([process.execPath, file])
    proxies.push({ name, port, isMeant: (line) => line.includes(file) })
  }
  if (isOnPath('nginx')) {
    const file = `${folder}/nginx.conf`
    writeFileSync(file, nginxConfig(folder, server, ++port))
    start(['nginx', '-c', file, '-g', 'daemon off;'])
    proxies.push({ name: 'nginx', port, isMeant: (line) => line.includes('nginx: worker') })
  }
  if (isOnPath('nf')) {
    start(['nf', 'start', '-x', String(++port), '-p', String(port + 1)])
    proxies.push({ name: 'nf -x', port, isMeant: (line) => /nf start -x|foreman.*proxy/.test(line) })
  }
  return proxies
}

function proxyScript(module: string, server: number, port: number): string {
  return `import * as all from '${module}'
import http from 'node:http'
const { createProxyServer } = all.default?.createProxyServer ? all.default : all
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 })
const proxy = createProxyServer({ agent, xfwd: true })
proxy.on('error', () => {})
http.createServer((a, b) => proxy.web(a, b, { target: 'http://127.0.0.1:${server}' })).listen(${port})
`
}

function nginxConfig(folder: string, server: number, port: number): string {
  return `worker_processes 1; pid ${folder}/nginx.pid; error_log /dev/null;
events { worker_connections 1000; }
http {
  access_log ${folder}/access.log;
  upstream dyno { server 127.0.0.1:${server}; keepalive 100; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://dyno; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isThere) return
    await sleep(100)
  }
  throw new Error(`nobody listens on ${port}`)
}
