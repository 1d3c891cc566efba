import type { IncomingMessage } from 'node:http'
import type { Request } from '../../core/api/exchange.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'

/** Requests name paths only. */
export const BASE = 'http://manifold'

/** The request, with a body of at most `limit` bytes; why it is refused where it is malformed. */
export async function readRequest(request: IncomingMessage, limit: number): Promise<Request | Refusal> {
  const url = URL.parse(request.url ?? '/', BASE)
  const path = pathOf(request)
  const body = await readJson(request, limit)
  if (!url || path === undefined) return refusal(400, 'The path is not well-formed; write it as /apps/NAME.')
  if ('status' in body) return body
  return {
    method: request.method ?? 'GET',
    path,
    query: new Map(url.searchParams),
    prefer: String(request.headers['prefer'] ?? ''),
    user: userOf(String(request.headers['x-user'] ?? 'local')),
    body: body.json,
    hasLeft: () => request.socket.destroyed,
  }
}

/** The path that is asked for; undefined where it is none, or names somebody else's machine, or a part of it hides a `/`. */
export function pathOf({ url = '' }: IncomingMessage): string | undefined {
  if (!/^\/(?![/\\])/.test(url)) return undefined
  try {
    const parts = new URL(url, BASE).pathname.split('/').map(decodeURIComponent)
    return parts.some((part) => part.includes('/')) ? undefined : parts.join('/')
  } catch {
    return undefined // no address, or no UTF-8 in it
  }
}

// Clients encode a name that may have any letters; it is told of in a line of the log, so it is one.
function userOf(header: string): string {
  try {
    return decodeURIComponent(header).replaceAll(/\p{Cc}/gu, ' ')
  } catch {
    return header // of a client that encodes nothing
  }
}

// A body that is too long is read to its end as well: who does not listen to us could not read our answer.
async function readJson(
  request: IncomingMessage,
  limit: number,
): Promise<{ readonly json: unknown } | Refusal> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
  }
  if (size === 0) return { json: null }
  if (size > limit) return refusal(413, `The body of a request has at most ${limit / 1024 / 1024} MiB.`)
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString()) ?? null }
  } catch {
    return refusal(400, 'The body is no JSON.')
  }
}
