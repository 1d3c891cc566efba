import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, PublicApi } from '../../core/api/exchange.ts'
import { isAddressMissing, LOOPBACK } from '../../core/loopback.ts'
import { isSecretPath } from '../../core/platform/callers.ts'
import { keepRoom, type Strangers } from '../../core/platform/keep-room.ts'
import { refusal } from '../../core/platform/refusal.ts'
import { temporaryName } from '../write-whole.ts'
import { drainRequest } from './drain-request.ts'
import { answerNoRequests } from './no-request.ts'
import { pathOf, readRequest } from './read-request.ts'
import { receiveFile } from './receive-file.ts'
import { turnAway } from './turn-away.ts'
import { answerFault, type Extra, writeAnswer } from './write-answer.ts'

/** What is served. */
export type Site = PublicApi<Promise<Answer>>

/** Strangers' orders are shorter still. In bytes. */
const MAX_BODY = 1024 * 1024

/** How many connections there may be at a time, and of how many nothing good has come yet. */
const [MAX_CONNECTIONS, MAX_STRANGERS] = [256, 64]
/** How many ports are tried for one that is free on both addresses. */
const TRIES = 20

/** How long a request may take to arrive but for a file, and how long its head, in milliseconds. */
const [REQUEST_TIMEOUT, HEAD_TIMEOUT] = [3_600_000, 10_000]

/** Where the site listens. */
export type SitePort = { readonly port: number; close(): void }

/**
 * Serves the Platform API at `localhost`, on IPv4 and where there is one on IPv6; files on their way are kept in
 * `folder`. Rejects when the port is taken: on either, for who has the other would be told the key.
 */
export async function serveSite(
  site: Site,
  { port, folder }: { readonly port: number; readonly folder: string },
): Promise<SitePort> {
  const strangers = keepRoom(MAX_STRANGERS)
  for (let tries = 1; ; tries++) {
    const first = await open({ host: LOOPBACK[0], port })
    const address = { host: LOOPBACK[1], port: (first.address() as AddressInfo).port }
    try {
      const second = await open(address).catch(unlessMissing)
      const servers = second ? [first, second] : [first]
      for (const server of servers) serve(server, site, { strangers, folder, port: address.port })
      return { port: address.port, close: () => servers.forEach(shut) }
    } catch (error) {
      shut(first)
      if (port !== 0 || tries === TRIES) throw error
    }
  }
}

async function open(address: { readonly host: string; readonly port: number }): Promise<Server> {
  const times = { requestTimeout: REQUEST_TIMEOUT, headersTimeout: HEAD_TIMEOUT }
  const server = createServer({ ...times, requireHostHeader: false }) // we say ourselves that there is none
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...address, ipv6Only: address.host.includes(':'), exclusive: true }, resolve)
  })
  return server
}

function shut(server: Server): void {
  server.close()
  server.closeAllConnections()
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (!isAddressMissing(error.code)) throw error
}

type Building = { readonly strangers: Strangers; readonly port: number; readonly folder: string }

type Exchange = Building & {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Asks for the body; undefined where the client does not wait to be asked. */
  readonly invite: (() => void) | undefined
}

function serve(server: Server, site: Site, building: Building): void {
  const hear = (request: IncomingMessage, response: ServerResponse, invite?: () => void) => {
    const exchange: Exchange = { ...building, request, response, invite }
    respond(site, exchange).catch((error: unknown) => {
      answerFault(request, response, () => site.fault(error))
    })
  }
  server.on('connection', building.strangers.met)
  server.on('request', (request, response) => hear(request, response))
  server.on('checkContinue', (request, response) => hear(request, response, () => response.writeContinue()))
  answerNoRequests(server)
}

async function respond(site: Site, exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  response.setHeader('Request-Id', randomUUID())
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (request.headers.host === undefined) response.setHeader('Connection', 'close')
  let isInvited = exchange.invite === undefined
  const invite = () => {
    isInvited = true
    exchange.invite?.()
  }
  const answer = await answerOf(site, { ...exchange, invite })
  const extra = (text: string, status: number) => tagged(request, text, status)
  if (request.complete) return writeAnswer(response, answer, { extra })
  // A body that nobody reads would keep the connection for the next request from being read.
  response.setHeader('Connection', 'close')
  writeAnswer(response, answer, { extra, ...(isInvited ? { ready: drainRequest(request) } : {}) })
  if (!isInvited) request.resume()
}

async function answerOf(
  site: Site,
  { request, invite, ...building }: Exchange & { invite(): void },
): Promise<Answer> {
  const { strangers, port, folder } = building
  const path = pathOf(request) ?? ''
  if (request.headers.host === undefined && request.httpVersion === '1.1')
    return refusal(400, 'A request needs a Host header.')
  const refused = turnAway(request, { key: site.key, port, path })
  if (refused) return refused
  const take = request.method === 'PUT' ? site.expects(path) : undefined
  if (request.method === 'PUT' && !take && isFilePath(path)) return refusal(404, 'No file is expected there.')
  if (take || !isSecretPath(path)) strangers.known(request.socket)
  invite()
  if (take) {
    return receiveFile(request, `${folder}/${temporaryName()}`, take)
  }
  const read = await readRequest(request, MAX_BODY)
  if ('status' in read) return read
  const { accept = '', range = '' } = request.headers
  const answer = await site.answer({ ...read, accept, range })
  if (!('status' in answer)) strangers.known(request.socket)
  return answer
}

// Where files are sent to, or nothing is.
function isFilePath(path: string): boolean {
  return isSecretPath(path) || /^\/blobs\/?$/.test(path)
}

// What has not changed need not be sent again.
function tagged({ method, headers }: IncomingMessage, text: string, status: number): Extra {
  if (method !== 'GET' || status >= 300) return {}
  const tag = `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  const isKnown = known.includes(tag) || known.includes('*')
  return { headers: { ETag: tag, 'Cache-Control': 'private, no-cache' }, ...(isKnown ? { status: 304 } : {}) }
}
