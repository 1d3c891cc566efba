import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'

/** The body of a request, as a stream of its own: the dyno's end may be destroyed without the client's connection. */
export function bodyOf(request: IncomingMessage): PassThrough {
  const body = new PassThrough()
  request.pipe(body)
  request.once('error', (error) => body.destroy(error))
  body.on('error', () => {}) // whoever sends it is told
  body.once('close', () => request.resume()) // who has sent all it wants to send can hear the answer
  return body
}

/** Up to here a copy is cheaper than a second buffer for the kernel, in bytes. */
const SMALL = 16 * 1024

/** Writes a piece of an answer; false when the client has not taken the ones before it. */
export function writeChunk(response: ServerResponse, chunk: Buffer): boolean {
  // Node sends a head and a text in one piece, a head and bytes in two.
  return chunk.length > SMALL ? response.write(chunk) : response.write(chunk.toString('latin1'), 'latin1')
}
