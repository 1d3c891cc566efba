import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { forwardedFor, headerOf, type RawHeaders, requestIdOf } from '../../core/router/forwarding.ts'
import type { RouterError } from '../../core/router/router-codes.ts'
import { judgeRequest, targetOf } from '../../core/router/router-limits.ts'

/** What a request says of itself, and its connection of it. */
export type Head = {
  readonly method: string
  readonly path: string
  /** The host of an absolute target, which counts instead of the header. */
  readonly absoluteHost: string | null
  readonly host: string
  readonly raw: RawHeaders
  readonly requestId: string
  readonly client: string
  readonly fwd: string
  readonly protocol: 'http' | 'https'
  /** What is wrong with it. */
  readonly refusal: RouterError | null
}

/** Reads it; `fresh` makes an id for one that has none. */
export function readHead(request: IncomingMessage, fresh: () => string): Head {
  const { method = '', url = '', rawHeaders: raw, httpVersion: version } = request
  const target = targetOf(url)
  const { client, protocol } = ofConnection(request.socket)
  return {
    ...{ method, path: target?.path ?? url, raw, client, protocol },
    absoluteHost: target?.host ?? null,
    host: target?.host ?? headerOf(raw, 'host') ?? '',
    requestId: requestIdOf(raw, fresh),
    fwd: forwardedFor(raw, client),
    refusal: judgeRequest({ method, target: url, version, raw }),
  }
}

/** Who is at the other end; an IPv4 address in IPv6 is that address. */
export function ofConnection(socket: Socket): { client: string; protocol: 'http' | 'https' } {
  const client = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return { client, protocol: 'encrypted' in socket ? 'https' : 'http' }
}

/** Whether something follows its header. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
