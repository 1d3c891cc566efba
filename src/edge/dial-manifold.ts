import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** An order or a question to the manifold. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Reply = { readonly status: number; readonly body: unknown; readonly warning: string | undefined }

/** Nobody listens on the socket, or the manifold behind it is just going: start one and call again. */
export class NobodyThere extends Error {}

/** Asks the manifold on this socket; throws NobodyThere when there is none. */
export async function ask(socketPath: string, call: Call): Promise<Reply> {
  const response = await answered(open(socketPath, call))
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const warning = response.headers['x-heroku-warning']
  return {
    status: response.statusCode ?? 0,
    body: text === '' ? null : JSON.parse(text),
    warning: typeof warning === 'string' ? warning : undefined,
  }
}

/** Reads server-sent events; reports each line, resolves when the stream ends. */
export async function listenFor(socketPath: string, call: Call, read: (line: string) => void): Promise<void> {
  const response = await answered(open(socketPath, call))
  response.setEncoding('utf8')
  let rest = ''
  for await (const chunk of response as AsyncIterable<string>) {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop()!
    for (const event of events) read(event.slice(event.indexOf('data: ') + 'data: '.length))
  }
}

/** Turns a request into a connection that carries frames; undefined when the manifold will not. */
export async function upgrade(socketPath: string, path: string): Promise<Socket | undefined> {
  const headers = { Connection: 'Upgrade', Upgrade: 'dyno-attach' }
  const request = open(socketPath, { method: 'GET', path, headers })
  return new Promise((resolve, reject) => {
    request.once('upgrade', (_, socket: Socket, head: Buffer) => {
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    request.once('response', (response) => {
      response.destroy()
      resolve(undefined)
    })
    request.once('error', reject)
  })
}

function open(socketPath: string, { method, path, body, headers }: Call): ClientRequest {
  const request = httpRequest({ socketPath, method, path, headers: { ...headers }, agent: false })
  request.end(body === undefined ? undefined : JSON.stringify(body))
  return request
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', (error: NodeJS.ErrnoException) => {
      const gone = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')
      reject(gone ? new NobodyThere(error.message) : error)
    })
  })
}
