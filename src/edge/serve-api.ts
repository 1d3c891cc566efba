import { chmodSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '../core/problem.ts'

/** A request whose body has been read. */
export type ServedRequest = {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly prefer: string
  readonly user: string
  readonly body: unknown
}

export type ServedAnswer =
  | { readonly status: number; readonly body: unknown; readonly warning?: string }
  | { readonly follow: (write: (line: string) => void, end: () => void) => () => void }

/** The server's side of an upgraded connection. */
export type ServedWire = {
  write(...parts: readonly Uint8Array[]): boolean
  end(): void
  pause(): void
  resume(): void
  listen(events: { received(chunk: Uint8Array): void; drained(): void; closed(): void }): void
}

export type ServedApi = {
  answer(request: ServedRequest): Promise<ServedAnswer>
  attach(path: string, wire: () => ServedWire): void
}

/** Orders are short; a longer body is somebody's mistake. In bytes. */
const MAX_BODY = 4 * 1024 * 1024

/** A log reader this far behind, in bytes, misses lines rather than slow a dyno. */
const MAX_BACKLOG = 1024 * 1024

/** Serves the API on a unix socket that only its user can reach; the answer stops serving. */
export async function serveApi(socketPath: string, api: ServedApi): Promise<() => void> {
  const server = createServer((request, response) => {
    respond(api, request, response).catch((error: unknown) => {
      // The client went away while we answered; nobody is left to tell. Our own mistakes crash loudly.
      if (!request.destroyed) throw error
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // a lost client: 'close' follows and is what counts
    try {
      api.attach(pathOf(request), () => openWire(socket, head))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  chmodSync(socketPath, 0o600)
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

async function respond(api: ServedApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://manifold')
  const body = await readJson(request)
  const answer: ServedAnswer =
    body === undefined
      ? { status: 400, body: { id: 'bad_request', message: 'The body must be JSON of at most 4 MiB.' } }
      : await api.answer({
          method: request.method ?? 'GET',
          path: decodeURIComponent(url.pathname),
          query: new Map(url.searchParams),
          prefer: String(request.headers['prefer'] ?? ''),
          user: String(request.headers['x-user'] ?? 'local'),
          body,
        })
  if ('follow' in answer) return streamLines(response, answer.follow)
  const warning: Record<string, string> = answer.warning ? { 'X-Heroku-Warning': answer.warning } : {}
  response.writeHead(answer.status, { 'Content-Type': 'application/json', ...warning })
  response.end(`${JSON.stringify(answer.body)}\n`)
}

// Server-sent events, an id and a line each, as Logplex streams them.
function streamLines(
  response: ServerResponse,
  follow: (write: (line: string) => void, end: () => void) => () => void,
): void {
  let id = 0
  let missed = 0
  const send = (line: string) => response.write(`id: ${++id}\ndata: ${line}\n\n`)
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  const stop = follow(
    (line) => {
      if (response.writableLength > MAX_BACKLOG) missed++
      else send(line)
    },
    () => response.end(),
  )
  response.on('drain', () => {
    if (missed > 0) send(`Error L11 (Tail buffer overflow) -> This tail session missed ${missed} lines.`)
    missed = 0
  })
  response.on('close', stop)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) return undefined
    chunks.push(chunk)
  }
  if (size === 0) return null
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) ?? null
  } catch {
    return undefined // the caller answers 400
  }
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://manifold').pathname
}

function openWire(socket: Duplex, head: Buffer): ServedWire {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: dyno-attach\r\n\r\n')
  if (head.length > 0) socket.unshift(head)
  return {
    write(...parts) {
      socket.cork()
      const ready = parts.map((part) => socket.write(part)).at(-1) ?? true
      socket.uncork()
      return ready
    },
    end: () => socket.end(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    listen({ received, drained, closed }) {
      socket.on('data', received)
      socket.on('drain', drained)
      socket.on('close', closed)
      socket.on('end', closed)
    },
  }
}
