import { chmodSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer, Request } from '../core/exchange.ts'
import { missedLine } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import type { Wire } from '../core/wire.ts'

/** What is served. */
export type Api = {
  answer(request: Request): Promise<Answer>
  /** Takes over a connection; throws a Problem to refuse it. */
  attach(path: string, wire: () => Wire): void
}

/** Orders are short; a longer body is somebody's mistake. In bytes. */
const MAX_BODY = 4 * 1024 * 1024

/** Requests name paths only. */
const BASE = 'http://manifold'

/** How much may wait for a client before its one-off is held back, in bytes: some turns' worth of a fast terminal. */
const HIGH_WATER = 512 * 1024

/** A log reader this far behind, in bytes, misses lines rather than slow a dyno. */
const MAX_BACKLOG = 1024 * 1024

/** Serves the API on a unix socket that only its user can reach; the answer stops serving. */
export async function serveApi(socketPath: string, api: Api): Promise<() => void> {
  // Loaded when it is needed: it takes 10 ms, and an import 50, which reads every export and so loads all of fetch.
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer({ highWaterMark: HIGH_WATER }, (request, response) => {
    respond(api, request, response).catch((error: unknown) => {
      // The client went away while we answered; nobody is left to tell. Our own mistakes crash loudly.
      if (!request.destroyed) throw error
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // a lost client: 'close' follows and is what counts
    try {
      api.attach(pathOf(request) ?? '', () => openWire(socket, head))
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

async function respond(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const served = await readRequest(request)
  const malformed = 'The request must be a well-formed path and JSON of at most 4 MiB.'
  const answer: Answer = served
    ? await api.answer(served)
    : { status: 400, body: { id: 'bad_request', message: malformed } }
  if ('follow' in answer) return streamLines(response, answer.follow)
  const warning: Record<string, string> = answer.warning ? { 'X-Heroku-Warning': answer.warning } : {}
  response.writeHead(answer.status, { 'Content-Type': 'application/json', ...warning })
  response.end(`${JSON.stringify(answer.body)}\n`)
  response.once('close', () => {
    if (!response.writableFinished) answer.unheard?.()
  })
}

// Server-sent events, an id and a line each, as Logplex streams them.
function streamLines(
  response: ServerResponse,
  follow: (write: (lines: readonly string[]) => void, end: () => void) => () => void,
): void {
  let id = 0
  let missed = 0
  let since = 0
  const event = (line: string) => `id: ${++id}\ndata: ${line}\n\n`
  const tellMissed = () => {
    if (missed > 0) response.write(event(missedLine(missed, { since, now: Date.now() })))
    missed = 0
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  const stop = follow(
    (lines) => {
      if (response.writableLength <= MAX_BACKLOG) {
        tellMissed()
        response.write(lines.map(event).join(''))
        return
      }
      if (missed === 0) since = Date.now()
      missed += lines.length
    },
    () => {
      tellMissed()
      response.end()
    },
  )
  response.on('drain', tellMissed)
  response.on('close', stop)
}

async function readRequest(request: IncomingMessage): Promise<Request | undefined> {
  const url = URL.parse(request.url ?? '/', BASE)
  const path = pathOf(request)
  const body = await readJson(request)
  if (!url || path === undefined || body === undefined) return undefined
  return {
    method: request.method ?? 'GET',
    path,
    query: new Map(url.searchParams),
    prefer: String(request.headers['prefer'] ?? ''),
    user: String(request.headers['x-user'] ?? 'local'),
    body,
  }
}

// A body that is too long is read to its end as well: who does not listen to us could not read our answer.
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY) chunks.push(chunk)
  }
  if (size === 0) return null
  if (size > MAX_BODY) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) ?? null
  } catch {
    return undefined // the caller answers 400
  }
}

function pathOf(request: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url ?? '/', BASE).pathname)
  } catch {
    return undefined // no address, or no UTF-8 in it
  }
}

function openWire(socket: Duplex, head: Buffer): Wire {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: dyno-attach\r\n\r\n')
  if (head.length > 0) socket.unshift(head)
  let gathering = false
  // A terminal is read in many small pieces at a time: they go out together, at the end of this turn of the loop.
  const gather = () => {
    gathering = true
    socket.cork()
    setImmediate(() => {
      gathering = false
      socket.uncork()
    })
  }
  return {
    write(...parts) {
      if (!gathering) gather()
      return parts.map((part) => socket.write(part)).at(-1) ?? true
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
