import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex, PassThrough } from 'node:stream'
import {
  forwardedReason,
  forwardedRequest,
  forwardedResponse,
  headerLines,
  headerOf,
  headerPairs,
  upgradedResponse,
} from '../../core/router/forwarding.ts'
import type { Found, Passage, Routes, Target } from '../../core/router/passage.ts'
import type { RouterSettings } from '../../core/router/router.ts'
import type { RouterError } from '../../core/router/router-codes.ts'
import { judgeResponse } from '../../core/router/router-limits.ts'
import { answerError, statusOf } from './answer-error.ts'
import { bodyOf, writeChunk } from './carry-bytes.ts'
import { joinSockets } from './join-sockets.ts'
import { hasBody, readHead } from './read-head.ts'
import type { AnswerHead, Flow, Upstreams } from './send-upstream.ts'
import type { IdleWatch } from './watch-idle.ts'

/** What all requests on one port share. */
export type Site = {
  readonly settings: RouterSettings
  readonly routes: Routes
  readonly upstreams: Upstreams
  readonly idle: IdleWatch
  /** A fresh UUID. */
  readonly id: () => string
}

/** A request that is on its way, and can be ended from outside. */
export type Routing = {
  /** Nothing happens when it is over already. */
  refuse(why: RouterError): void
  /** Whether nobody knows where it ends: what comes behind it on its connection is not another request. */
  isEndless(): boolean
  /** Whether its end has not been read yet. */
  isReceiving(): boolean
  /** Calls back when its answer has gone out, at once when it has. */
  done(call: () => void): void
}

/** How much of an answer may wait for its client before the dyno is held back, in bytes: Heroku's buffer. */
const BUFFER = 1024 * 1024

/**
 * Takes one request to a dyno and its answer back, and logs it. `socket` is the client's, where the request asks for
 * another protocol.
 */
export function routeRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  { socket = null, refusal = null }: { socket?: Duplex | null; refusal?: RouterError | null } = {},
): Routing {
  const { settings, routes, upstreams } = site
  const [at, began] = [Date.now(), performance.now()]
  const head = readHead(request, site.id)
  const passage: Passage = routes.begin()
  let target: Target | undefined
  let connect: number | null = null
  let connectedAt: number | undefined
  let bytes = 0
  let status: number | undefined
  let isOver = false
  let isEndless = false
  let isUpgraded = false
  let abort: ((reason: Error) => void) | undefined
  let flow: Flow | undefined
  let isHeld = false
  let body: PassThrough | null = null
  let requestTimer: NodeJS.Timeout | undefined
  let stopIdle = () => {}

  const over = (why: RouterError | null): void => {
    isOver = true
    clearTimeout(requestTimer)
    stopIdle()
    const finished = why && (why.code !== 'H18' || status === undefined) ? statusOf(why) : status!
    routes.log({
      ...head,
      refusal: why,
      dyno: target?.name ?? null,
      connect,
      service: connectedAt === undefined ? null : performance.now() - connectedAt,
      status: finished,
      bytes: connectedAt === undefined ? null : bytes,
    })
    passage.over() // last: who waits for it goes on at once
  }

  const refuse = (why: RouterError): void => {
    if (isOver) return
    isEndless = why.code === 'H26'
    over(why)
    abort?.(new Error(why.code))
    body?.destroy()
    if (isUpgraded) socket?.destroy()
    else if (response.headersSent || statusOf(why) === 499) response.socket?.destroy()
    else answerError(response, why, String(request.headers.accept ?? ''))
  }

  // Trying one dyno after another, until one takes the connection.
  const seek = (last: RouterError | null): void => passage.seek((found) => sought(found, last))

  const sought = (found: Found, last: RouterError | null): void => {
    if (isOver) return
    if (found === 'tried') refuse(last!)
    else if ('code' in found) refuse(found)
    else send(found)
  }

  const send = (to: Target): void => {
    target = to
    const from = performance.now()
    const { method, path, raw, absoluteHost } = head
    const headers = forwardedRequest(raw, {
      ...{ ...head, port: settings.port, at, host: absoluteHost },
      connect: upstreams.connectTime(to.life),
      routing: from - began,
    })
    const upgrade = socket ? (headerOf(raw, 'upgrade') ?? null) : null
    body ??= socket === null && hasBody(request) ? bodyOf(request) : null
    upstreams.send(
      to,
      { method, path, headers, body, upgrade },
      {
        started(stop) {
          if (isOver) return stop(new Error('over'))
          abort = stop
          connectedAt = performance.now()
          connect = connectedAt - from
          const told = () => refuse({ code: awaitsClient() ? 'H28' : 'H15' })
          stopIdle = site.idle.watch({ progress, taker, told })
          if (body === null || request.complete) awaitAnswer()
          else request.once('end', awaitAnswer)
        },
        answered,
        data(chunk) {
          if (isOver) return
          bytes += chunk.length
          if (!writeChunk(response, chunk) && response.writableLength > BUFFER) hold()
        },
        ended(trailers) {
          if (isOver) return
          if (trailers.length > 0) response.addTrailers(headerPairs(trailers))
          response.end()
        },
        upgraded,
        failed({ is, refusal: why }) {
          if (isOver) return
          if (request.errored) return refuse({ code: 'H27' })
          if (is === 'lost') return refuse(why)
          connect = performance.now() - from
          passage.refused()
          seek(why)
        },
      },
    )
  }

  const awaitAnswer = (): void => {
    if (isOver || status !== undefined) return
    requestTimer = setTimeout(() => refuse({ code: 'H12' }), settings.request)
  }

  const answered = ({ status: code, message, raw }: AnswerHead, upstream: Flow): void => {
    if (isOver) return
    clearTimeout(requestTimer)
    passage.answered()
    if (headerOf(raw, 'content-type')?.startsWith('text/event-stream')) passage.lasts()
    const why = judgeResponse(message, raw)
    if (why) {
      refuse(why)
      return
    }
    const chunked = headerOf(raw, 'transfer-encoding') !== undefined && request.httpVersion === '1.1'
    const headers = forwardedResponse(raw, { chunked: chunked && request.method !== 'HEAD' })
    response.writeHead(code, forwardedReason(message), headers)
    status = code
    flow = upstream
    // An answer of no known length may have its first byte long before its second: events have.
    if (headerOf(raw, 'content-length') !== undefined) return
    setImmediate(() => {
      if (bytes === 0 && !response.writableEnded) response.flushHeaders()
    })
  }

  const upgraded = ({ status: code, message, raw }: AnswerHead, upstream: Duplex): void => {
    if (isOver || socket === null) return void upstream.destroy()
    clearTimeout(requestTimer)
    passage.answered()
    passage.lasts()
    status = code
    isUpgraded = true
    response.detachSocket(request.socket)
    socket.write(`HTTP/1.1 ${code} ${message}\r\n${headerLines(upgradedResponse(raw))}\r\n`, 'latin1')
    abort = () => upstream.destroy()
    joinSockets(socket, upstream, (count) => (bytes += count))
  }

  const hold = (): void => {
    if (isHeld) return
    isHeld = true
    flow?.pause()
    response.once('drain', () => {
      isHeld = false
      flow?.resume()
    })
  }

  const progress = () => bytes + request.socket.bytesRead + request.socket.bytesWritten
  const taker = () => (request.socket.writableLength > 0 ? request.socket : null)
  const awaitsClient = () => !isUpgraded && (!request.complete || response.writableLength > 0)

  const left = (): void => {
    if (isOver) return
    if (isUpgraded || response.writableFinished) over(null)
    else refuse({ code: 'H27' })
  }
  if (socket) {
    socket.once('close', left)
    response.once('finish', left) // a dyno that did not switch has answered
  } else response.once('close', left)

  const wrong = refusal ?? head.refusal
  if (wrong) refuse(wrong)
  else seek(null)
  return {
    refuse,
    isEndless: () => isEndless,
    isReceiving: () => !request.complete,
    done: (call) => void (response.closed ? call() : response.once('close', call)),
  }
}
