import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from '../../core/api/exchange.ts'
import { writeAnswer } from './write-answer.ts'

/** How long whoever sent it may take to leave, in milliseconds. */
const PATIENCE = 2000

/** Answers what Node takes for no request as the API answers its errors, where Node would say nothing. */
export function answerNoRequests(server: Server): void {
  const open = new WeakMap<Duplex, Set<ServerResponse>>()
  const refused = new WeakSet<Duplex>()

  // The parser comes again with all that follows.
  const refuse = (socket: Duplex, status: number, message: string) => {
    if (refused.has(socket)) return
    refused.add(socket)
    setTimeout(() => socket.destroy(), PATIENCE).unref()
    socket.on('error', () => socket.destroy())
    const isAnswering = [...(open.get(socket) ?? [])].some(({ headersSent }) => headersSent)
    if (!socket.writable || isAnswering) socket.destroy()
    else socket.end(answerText(status, message))
    socket.resume() // what it still sends, to its end
  }

  const met = ({ socket }: IncomingMessage, response: ServerResponse) => {
    const here = open.get(socket) ?? new Set()
    open.set(socket, here.add(response))
    response.once('close', () => here.delete(response))
  }
  for (const event of ['request', 'checkContinue']) server.prependListener(event, met)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const [status, message] = REASONS[error.code ?? ''] ?? [400, 'That is no HTTP request.']
    refuse(socket, status, message)
  })
  server.on('connect', (_, socket: Duplex) => refuse(socket, 400, 'This is no proxy.'))
  server.on('checkExpectation', (_, response: ServerResponse) => {
    response.setHeader('Connection', 'close')
    writeAnswer(response, answerOf(417, "Nothing can be expected here but '100-continue'."))
  })
}

const REASONS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The path and the headers of a request have at most 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to come.'],
}

function answerOf(status: number, message: string): Extract<Answer, { status: number }> {
  return { status, body: { id: 'bad_request', message } }
}

function answerText(status: number, message: string): string {
  const json = `${JSON.stringify(answerOf(status, message).body)}\n`
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${json.length}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${json}`
}
