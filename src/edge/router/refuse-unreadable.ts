import type { Socket } from 'node:net'
import type { RouterError } from '../../core/router/router-codes.ts'
import { BAD_HEADER } from '../../core/router/router-limits.ts'
import { rawErrorAnswer, statusOf } from './answer-error.ts'
import { ofConnection } from './read-head.ts'
import type { Site } from './route-request.ts'

/** What Node's parser says of bytes that it cannot read. */
export type ParserError = NodeJS.ErrnoException & {
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

/** A body whose end cannot be made out. */
export const BAD_CHUNK: RouterError = { code: 'H26', cause: 'bad chunk' }

/** Why what a client sent is not served; undefined when the connection is lost, or nothing was ever said on it. */
export function refusalOf({ code = '' }: ParserError, { bytesRead }: Socket): RouterError | undefined {
  // Browsers keep a connection in reserve.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return bytesRead > 0 ? { code: 'H28', status: 408 } : undefined
  if (code.startsWith('HPE_')) return BAD_HEADER
  return undefined
}

/** Whether the client has ended in the midst of a request. */
export function isLeaving({ code }: ParserError): boolean {
  return code === 'HPE_INVALID_EOF_STATE'
}

/** What has come of the request that cannot be read: others may be in the same packet before it. */
export function headOf({ rawPacket, bytesParsed }: ParserError): string {
  const text = rawPacket?.toString('latin1', 0, 16_384) ?? ''
  const before = text.lastIndexOf('\r\n\r\n', Math.max(0, (bytesParsed ?? 0) - 1))
  return before < 0 ? text : text.slice(before + 4)
}

/** Answers, and logs what can be made out: what the parser could not read is no request. */
export function refuseUnreadable(
  { routes, id }: Pick<Site, 'routes' | 'id'>,
  { socket, refusal, head }: { socket: Socket; refusal: RouterError; head: string },
): void {
  if (!socket.writable) return void socket.destroy()
  const [, method = '', path = ''] = /^([A-Z]{1,20}) (\S+)/.exec(head) ?? []
  const { client: fwd, protocol } = ofConnection(socket)
  routes.log({
    ...{ refusal, method, path, host: /^host:[ \t]*(\S+)/im.exec(head)?.[1] ?? '', requestId: id(), fwd },
    ...{ dyno: null, connect: null, service: null, status: statusOf(refusal), bytes: null, protocol },
  })
  socket.end(rawErrorAnswer(refusal, statusOf(refusal) === 408 ? 'Request Timeout' : 'Bad Request'))
}
