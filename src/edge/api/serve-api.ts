import { chmodSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer, ServedApi } from '../../core/api/exchange.ts'
import { Problem } from '../../core/problem.ts'
import { terminalAsked } from '../../core/terminal-size.ts'
import { openWire } from './open-wire.ts'
import { BASE, pathOf, readRequest } from './read-request.ts'
import { answerFault, writeAnswer } from './write-answer.ts'

/** What is served. */
export type Api = ServedApi<Promise<Answer>>

/** Orders are short; a longer body is somebody's mistake. In bytes. */
const MAX_BODY = 4 * 1024 * 1024

/** How much may wait for a client before its one-off is held back, in bytes: some turns' worth of a fast terminal. */
const HIGH_WATER = 512 * 1024

/** Serves the API on a unix socket that only its user can reach; the answer stops serving. */
export async function serveApi(socketPath: string, api: Api): Promise<() => void> {
  // Loaded when it is needed: it takes 10 ms, and an import 50, which reads every export and so loads all of fetch.
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer({ highWaterMark: HIGH_WATER }, (request, response) => {
    respond(api, request, response).catch((error: unknown) => {
      answerFault(request, response, () => api.fault(error))
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // a lost client: 'close' follows and is what counts
    try {
      const terminal = terminalAsked(URL.parse(request.url ?? '', BASE)?.searchParams.get('terminal'))
      api.attach(pathOf(request) ?? '', () => openWire(socket, head), terminal)
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
  const served = await readRequest(request, MAX_BODY)
  writeAnswer(response, 'status' in served ? served : await api.answer(served))
}
