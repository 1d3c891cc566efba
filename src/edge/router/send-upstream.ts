import type { Duplex, Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import type { Target } from '../../core/router/passage.ts'
import type { RouterSettings } from '../../core/router/router.ts'
import type { RouterError } from '../../core/router/router-codes.ts'
import { BAD_HEADER, RESPONSE_HEADER, restricted } from '../../core/router/router-limits.ts'
import { ConnectTimeout, connectDyno } from './connect-dyno.ts'
import { passContinue } from './pass-continue.ts'

/** A request as it goes to a dyno. */
export type Outgoing = {
  readonly method: string
  readonly path: string
  readonly headers: string[]
  readonly body: Readable | null
  /** The protocol it asks for. */
  readonly upgrade: string | null
}

/** What comes of it: started, answered, data …, ended; or failed at any moment. */
export type Incoming = {
  started(abort: (reason: Error) => void): void
  answered(head: AnswerHead, flow: Flow): void
  data(chunk: Buffer): void
  ended(trailers: string[]): void
  upgraded(head: AnswerHead, socket: Duplex): void
  failed(why: UpstreamFailure): void
}

export type AnswerHead = { readonly status: number; readonly message: string; readonly raw: string[] }
export type Flow = { pause(): void; resume(): void }

/** `not connected` may be tried with another dyno. */
export type UpstreamFailure = { readonly is: 'not connected' | 'lost'; readonly refusal: RouterError }

/** Connections with the dynos, some kept for the next request. */
export type Upstreams = {
  send(target: Target, outgoing: Outgoing, incoming: Incoming): void
  /** How long the newest connection with this life took, in milliseconds. */
  connectTime(life: number): number
  forget(life: number): void
  close(): void
}

/** A kept connection is given up before servers do that: none closes them sooner after an answer. In milliseconds. */
const KEPT = 1000

export function openUpstreams(settings: Pick<RouterSettings, 'connect'>): Upstreams {
  const pools = new Map<number, Pool>()
  const times = new Map<number, number>()

  const openPool = ({ life, port }: Target): Pool => {
    return new Pool(`http://localhost:${port}`, {
      keepAliveTimeout: KEPT,
      keepAliveMaxTimeout: KEPT,
      // The router has its own idea of what is too long.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: RESPONSE_HEADER,
      connect: (_, told) => {
        const from = performance.now()
        connectDyno(port, settings.connect, (error, socket) => {
          times.set(life, performance.now() - from)
          if (socket) told(null, passContinue(socket))
          else told(error!, null)
        })
      },
    })
  }

  const poolOf = (target: Target): Pool => {
    const pool = pools.get(target.life) ?? openPool(target)
    pools.set(target.life, pool)
    return pool
  }

  const forget = (life: number): void => {
    void pools.get(life)?.destroy()
    pools.delete(life)
    times.delete(life)
  }

  return {
    send(target, { method, path, headers, body, upgrade }, incoming) {
      const options = { method: method as Dispatcher.HttpMethod, path, headers, body, upgrade }
      poolOf(target).dispatch(options, dispatchHandler(incoming))
    },
    connectTime: (life) => times.get(life) ?? 0,
    forget,
    close() {
      for (const life of pools.keys()) forget(life)
    },
  }
}

function dispatchHandler(incoming: Incoming): Dispatcher.DispatchHandler {
  let is: 'waiting' | 'started' | 'answered' = 'waiting'
  let isBodiless = false
  return {
    onRequestStart(controller) {
      is = 'started'
      incoming.started((reason) => controller.abort(reason))
    },
    onResponseStart(controller, status, _, message = '') {
      if (status < 100) throw new Error('bad status')
      if (status < 200) return // the client did not ask for hints
      is = 'answered'
      isBodiless = status === 204 || status === 304
      const flow = { pause: () => controller.pause(), resume: () => controller.resume() }
      incoming.answered({ status, message, raw: rawPairs(controller.rawHeaders) }, flow)
    },
    onResponseData: (_, chunk) => incoming.data(chunk),
    onResponseEnd: (controller) => incoming.ended(rawPairs(controller.rawTrailers)),
    onRequestUpgrade(controller, status, _, socket) {
      const raw = rawPairs(controller.rawHeaders)
      incoming.upgraded({ status, message: 'Switching Protocols', raw }, socket)
    },
    onResponseError(_, error) {
      if (is === 'waiting') incoming.failed(notConnected(error))
      else {
        const refusal = lost(error, { is, isBodiless })
        if (refusal) incoming.failed({ is: 'lost', refusal })
        else incoming.ended([])
      }
    },
  }
}

function notConnected(error: Error): UpstreamFailure {
  if (error instanceof ConnectTimeout) return { is: 'not connected', refusal: { code: 'H19' } }
  if (codeOf(error) === 'UND_ERR_INVALID_ARG') return { is: 'lost', refusal: BAD_HEADER }
  return { is: 'not connected', refusal: { code: 'H21' } }
}

function lost(
  error: Error,
  { is, isBodiless }: { is: 'started' | 'answered'; isBodiless: boolean },
): RouterError | null {
  const code = codeOf(error)
  // Nothing follows a 204 or a 304, whatever length it names: it is whole.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && isBodiless) return null
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return restricted('oversized header')
  if (is === 'answered') return { code: 'H18' }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return restricted('invalid content length')
  // The parser's errors have names and sentences; a switch of protocols that nobody asked for is none to it.
  if (error.name === 'HTTPParserError') {
    return /content-length/i.test(error.message) ? restricted('invalid content length') : { code: 'H17' }
  }
  return /^bad /.test(error.message) ? { code: 'H17' } : { code: 'H13' }
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? '')
}

// Header bytes are Latin-1: whatever they mean, the next program is to see the same ones.
function rawPairs(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw)
    ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    : []
}
