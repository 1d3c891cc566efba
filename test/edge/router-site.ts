import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Found, Routes } from '../../src/core/router/passage.ts'
import { ROUTER_PATIENCE, type RouterSettings } from '../../src/core/router/router.ts'
import { type Routed, routerLine } from '../../src/core/router/router-line.ts'
import { type Opening, serveRouter } from '../../src/edge/router/serve-router.ts'

type Settings = Partial<RouterSettings & Pick<Opening, 'certificate'>>

/** A router before one dyno that is a test's own. */
export type TestSite = {
  readonly port: number
  /** All that the dyno has read, on each of its connections. */
  readonly heard: string[]
  /** What the router has logged, and waits for the next line. */
  readonly lines: Routed[]
  nextLine(): Promise<string>
  /** Closes the router, and leaves the dyno. */
  closeRouter(): void
  /** What the dyno does with a connection. */
  onConnection: (socket: Socket) => void
  close(): Promise<void>
}

/** Answers each request that ends with a blank line. */
export function answering(answer: string): (socket: Socket) => void {
  return (socket) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!/\r\n\r\n/.test(text)) return
      text = ''
      socket.write(answer, 'latin1')
    })
  }
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export async function openSite({ certificate = null, ...settings }: Settings = {}): Promise<TestSite> {
  const heard: string[] = []
  const lines: Routed[] = []
  const sockets = new Set<Socket>()
  let waiting = () => {}
  const dyno = createServer((socket) => {
    const at = heard.push('') - 1
    sockets.add(socket)
    socket.on('data', (chunk) => (heard[at] += chunk.toString('latin1')))
    socket.on('error', () => {})
    site.onConnection(socket)
  })
  await listening(dyno)
  const target = { life: 1, name: 'web.1', port: portOf(dyno) }
  const routes: Routes = {
    begin: () => ({
      ...{
        seek: (told: (found: Found) => void) => told(target),
        refused() {},
        answered() {},
        lasts() {},
        over() {},
      },
    }),
    log(routed) {
      lines.push(routed)
      waiting()
    },
  }
  const port = await freePort()
  const served = await serveRouter(
    { ...ROUTER_PATIENCE, host: '127.0.0.1', tls: certificate !== null, ...settings, port },
    routes,
    { id: () => 'an-id', certificate },
  )
  let read = 0
  const site: TestSite = {
    ...{ port, heard, lines, onConnection: answering(OK) },
    async nextLine() {
      while (lines.length === read) await new Promise<void>((resolve) => (waiting = resolve))
      return routerLine(lines[read++]!)
    },
    closeRouter: served.close,
    async close() {
      served.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => dyno.close(resolve))
    },
  }
  return site
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port
}

async function freePort(): Promise<number> {
  const server = createServer()
  await listening(server)
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Sends these bytes and answers with all that comes back until the other side ends. */
export function exchange(port: number, text: string, { ends = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let read = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => (read += chunk))
    socket.on('error', () => {})
    socket.once('close', () => resolve(read))
    socket.write(text, 'latin1')
    if (ends) socket.end()
  })
}

export const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${headers}\r\n`
export const last = (path: string, headers = '') => get(path, `Connection: close\r\n${headers}`)

export async function withSite(
  body: (site: TestSite) => Promise<void>,
  onConnection: (socket: Socket) => void = answering(OK),
  settings: Settings = {},
): Promise<void> {
  const site = await openSite(settings)
  site.onConnection = onConnection
  try {
    await body(site)
  } finally {
    await site.close()
  }
}

/** Reads from a connection until it matches. */
export function reads(socket: Socket, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (pattern.test(text)) resolve(text)
    })
    socket.once('close', () => reject(new Error(`closed before ${pattern}: ${text}`)))
  })
}

export const connected = (site: TestSite): Socket => connect(site.port, '127.0.0.1').on('error', () => {})

/** Resolves when a count has not changed for some time. */
export async function standsStill(count: () => number): Promise<void> {
  let before = -1
  while (before !== count()) {
    before = count()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
