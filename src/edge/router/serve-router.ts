import {
  createServer as createPlain,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http'
import type { ServerOptions as SecureOptions } from 'node:https'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { isAddressMissing, LOOPBACK } from '../../core/loopback.ts'
import type { RouterPort, Routes } from '../../core/router/passage.ts'
import type { RouterSettings } from '../../core/router/router.ts'
import type { RouterError } from '../../core/router/router-codes.ts'
import { BAD_HEADER, REQUEST_HEADER } from '../../core/router/router-limits.ts'
import { loadUpstreams } from './load-upstreams.ts'
import { hasBody } from './read-head.ts'
import {
  BAD_CHUNK,
  headOf,
  isLeaving,
  type ParserError,
  refusalOf,
  refuseUnreadable,
} from './refuse-unreadable.ts'
import { type Routing, routeRequest, type Site } from './route-request.ts'
import { tellTls } from './tell-tls.ts'
import { openIdleWatch } from './watch-idle.ts'

/** What may wait for a client's kernel before we are told to slow down, in bytes. */
const HIGH_WATER = 64 * 1024

/** What a router's port is opened with besides its settings. */
export type Opening = {
  /** A fresh UUID. */
  readonly id: () => string
  /** With one the port takes HTTPS as well. */
  readonly certificate: { readonly key: string; readonly cert: string } | null
}

/** Serves HTTP on the router's port; rejects with the system's error when an address cannot be bound. */
export async function serveRouter(
  settings: RouterSettings,
  routes: Routes,
  { id, certificate }: Opening,
): Promise<RouterPort> {
  const upstreams = loadUpstreams(settings)
  const idle = openIdleWatch(settings.idle)
  const site: Site = { settings, routes, upstreams, idle, id }
  const upgraded = new Set<Duplex>()
  const options = serverOptions(settings)
  const plain = createPlain(options)
  const secure = certificate && createSecure({ ...options, ...certificate })
  const servers = secure ? [plain, secure] : [plain]
  for (const server of servers) serve(server, site, upgraded)
  // Node keeps a server's connections, to time and to close them, from 'listening' on: these two are only handed theirs.
  if (secure) for (const server of servers) server.emit('listening')
  const ports: NetServer[] = []
  const told = new Set<Socket>()

  const close = (): void => {
    for (const port of [...ports, ...servers]) port.close()
    for (const server of servers) server.closeAllConnections()
    for (const socket of [...upgraded, ...told]) socket.destroy()
    upstreams.close()
    idle.close()
  }
  const open = (host: string): Promise<void> => {
    // A server listens at one address; what it is for the others is handed to it.
    const both = secure && { plain, secure, told, patience: settings.idle }
    const port = both ? tellTls(both) : ports.length === 0 ? plain : handTo(plain)
    ports.push(port)
    return listen(port, host, settings.port)
  }

  try {
    const [first, ...others] = settings.host === null ? LOOPBACK : [settings.host]
    await open(first!)
    // A machine without IPv6 has no second loopback.
    await Promise.all(others.map((host) => open(host).catch(unlessMissing)))
  } catch (error) {
    close()
    throw error
  }
  return {
    forget: upstreams.forget,
    stopListening() {
      for (const port of ports) port.close()
    },
    close,
  }
}

// Loaded where it is wanted: it takes 10 ms.
function createSecure(options: SecureOptions): Server {
  return process.getBuiltinModule('node:https').createServer(options)
}

function serverOptions(settings: RouterSettings): ServerOptions {
  return {
    maxHeaderSize: REQUEST_HEADER,
    highWaterMark: HIGH_WATER,
    // The router says itself what is missing, and how long a client may take.
    requireHostHeader: false,
    requestTimeout: 0,
    headersTimeout: settings.idle,
    connectionsCheckingInterval: Math.max(100, Math.min(settings.idle / 2, 10_000)),
    shouldUpgradeCallback: isUpgrade,
  }
}

function handTo(server: Server): NetServer {
  return createNetServer({ noDelay: true }, (socket) => server.emit('connection', socket))
}

function serve(server: Server, site: Site, upgraded: Set<Duplex>): void {
  const newest = new WeakMap<Duplex, Routing>()
  const route = (
    request: IncomingMessage,
    response: ServerResponse,
    options: Parameters<typeof routeRequest>[3] = {},
  ) => {
    if (newest.get(request.socket)?.isEndless()) return
    newest.set(request.socket, routeRequest(site, request, response, options))
  }
  // The parser gives a connection away though there may be answers yet to come on it: nobody may join it then.
  const isBusy = (socket: Duplex) => '_httpMessage' in socket && Boolean(socket._httpMessage)

  server.maxHeadersCount = 0 // none is left out; the router counts them
  server.on('request', (request, response) => route(request, response))
  server.on('checkContinue', (request, response) => {
    response.writeContinue()
    route(request, response)
  })
  server.on('checkExpectation', (request, response) => {
    const refusal: RouterError = { code: 'H26', cause: 'unsupported expect header value', status: 417 }
    route(request, response, { refusal })
  })
  const takeOver = (request: IncomingMessage, socket: Duplex, options: Parameters<typeof route>[2]): void => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    socket.on('error', () => socket.destroy()) // 'close' follows and is what counts
    if (!isBusy(socket)) {
      route(request, responseOn(request), options)
      return
    }
    const { method = '', url = '' } = request
    const head = `${method} ${url}\r\nHost: ${request.headers.host ?? ''}\r\n`
    newest
      .get(socket)
      ?.done(() => refuseUnreadable(site, { socket: request.socket, refusal: BAD_HEADER, head }))
  }
  server.on('upgrade', (request, socket, head) => {
    if (head.length > 0) socket.unshift(head)
    takeOver(request, socket, { socket })
  })
  server.on('connect', (request, socket) => takeOver(request, socket, {}))
  server.on('clientError', (error: ParserError, socket) => {
    const routing = newest.get(socket)
    const refusal = refusalOf(error, socket as Socket)
    if (routing?.isEndless()) return // it has been answered, and is being closed
    if (refusal === undefined) socket.destroy()
    else {
      const isReceiving = routing?.isReceiving()
      if (isReceiving) routing?.refuse(isLeaving(error) ? { code: 'H27' } : BAD_CHUNK)
      // What remains of a request that has its answer is none, nor is half a head.
      const end = () => {
        if (isReceiving || isLeaving(error)) socket.destroy()
        else refuseUnreadable(site, { socket: socket as Socket, refusal, head: headOf(error) })
      }
      if (routing) routing.done(end)
      else end()
    }
  })
}

// A connection that the parser has left to us is answered once.
function responseOn(request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request)
  response.assignSocket(request.socket)
  response.shouldKeepAlive = false
  response.once('finish', () => request.socket.destroySoon())
  return response
}

// h2c is an offer that no dyno takes up; with a body there would be two things to read.
function isUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() !== 'h2c' && !hasBody(request)
}

function listen(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: host.includes(':'), exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (!isAddressMissing(error.code)) throw error
}
