import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, PublicRequest } from '../../core/exchange.ts'
import { refusal } from '../../core/platform/refusal.ts'
import { malformed, pathOf, readRequest } from './read-request.ts'
import { receiveFile } from './receive-file.ts'
import { turnAway } from './turn-away.ts'
import { type Extra, writeAnswer } from './write-answer.ts'

/** What is served. */
export type Site = {
  /** What a caller must know, for all but addresses that are secrets themselves. */
  readonly key: string
  answer(request: PublicRequest): Promise<Answer>
  /** Where a file that is sent to this address goes, once it is whole; undefined where none is expected. */
  expects(path: string): ((file: string) => Promise<Answer>) | undefined
}

/** Strangers' orders are shorter still. In bytes. */
const MAX_BODY = 1024 * 1024

/** How many connections there may be at a time. */
const MAX_CONNECTIONS = 256

/** How long a request may take to arrive but for a file, and how long its head, in milliseconds. */
const [REQUEST_TIMEOUT, HEAD_TIMEOUT] = [3_600_000, 10_000]

/** Where the site listens. */
export type SitePort = { readonly port: number; close(): void }

/**
 * Serves the Platform API at `localhost`, on IPv4 and where there is one on IPv6; files on their way are kept in
 * `folder`. Rejects when the port is taken.
 */
export async function serveSite(
  site: Site,
  { port: asked, folder }: { readonly port: number; readonly folder: string },
): Promise<SitePort> {
  let port = asked
  const open = async (host: string): Promise<Server> => {
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT, headersTimeout: HEAD_TIMEOUT })
    server.maxConnections = MAX_CONNECTIONS
    server.on('request', (request, response) => {
      respond(site, { request, response, port, folder }).catch((error: unknown) => {
        if (!request.destroyed && !response.destroyed) throw error
      })
    })
    server.on('upgrade', (_, socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host }, resolve)
    })
    return server
  }
  const first = await open('127.0.0.1')
  port = (first.address() as AddressInfo).port
  const second = await open('::1').catch(() => undefined) // a machine without IPv6, or somebody else is there
  return {
    port,
    close() {
      for (const server of [first, second]) {
        server?.close()
        server?.closeAllConnections()
      }
    },
  }
}

type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly port: number
  readonly folder: string
}

async function respond(site: Site, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  response.setHeader('Request-Id', randomUUID())
  response.setHeader('X-Content-Type-Options', 'nosniff')
  const answer = await answerOf(site, exchange)
  // A body that nobody reads would keep the connection for the next request from being read.
  if (!request.complete) response.setHeader('Connection', 'close')
  writeAnswer(response, answer, (text, status) => tagged(request, text, status))
  if (!request.complete) request.resume()
}

async function answerOf(site: Site, { request, port, folder }: Exchange): Promise<Answer> {
  const path = pathOf(request) ?? ''
  const isSecretPath = /^\/(?:logs|blobs|outputs)\/./.test(path)
  const refused = turnAway(request, { key: site.key, port, isSecretPath })
  if (refused) return refused
  if (request.method === 'PUT') {
    const take = site.expects(path)
    if (!take) return refusal(404, 'No file is expected there.')
    return receiveFile(request, `${folder}/blob-${randomUUID()}`, take)
  }
  const read = await readRequest(request, MAX_BODY)
  if (!read) return malformed(MAX_BODY)
  const { accept = '', range = '' } = request.headers
  return site.answer({ ...read, accept, range })
}

// What has not changed need not be sent again.
function tagged({ method, headers }: IncomingMessage, text: string, status: number): Extra {
  if (method !== 'GET' || status >= 300) return {}
  const tag = `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  const isKnown = known.includes(tag) || known.includes('*')
  return { headers: { ETag: tag, 'Cache-Control': 'private, no-cache' }, ...(isKnown ? { status: 304 } : {}) }
}
