import { type IncomingHttpHeaders, request as send } from 'node:http'
import { connect, type Socket } from 'node:net'

/** What came back from a request. */
export type Got = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly trailers: NodeJS.Dict<string>
  readonly body: string
}

/** One request on a connection of its own, read to the end; rejects when the answer is cut off. */
export function http(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
      response.once('error', reject)
      response.once('end', () => {
        const { statusCode: status, headers, rawHeaders, trailers } = response
        resolve({ status: status!, headers, rawHeaders, trailers, body: text })
      })
    })
    request.once('error', reject)
    request.end(body)
  })
}

/** A connection whose bytes are a test's own. */
export type RawClient = {
  readonly socket: Socket
  write(text: string): void
  /** Resolves with all that was read when it matches. */
  reads(pattern: RegExp): Promise<string>
  /** … or when the other side has ended. */
  readonly ended: Promise<string>
}

export function rawClient(port: number, text = ''): RawClient {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  let read = ''
  let look = () => {}
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    read += chunk
    look()
  })
  socket.on('error', () => {}) // the other side may well reset it
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve(read))
    socket.once('close', () => resolve(read))
  })
  void ended.then(() => socket.destroy())
  socket.write(text, 'latin1')
  return {
    socket,
    ended,
    write: (more) => void socket.write(more, 'latin1'),
    reads: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => pattern.test(read) && resolve(read)
        look()
        void ended.then(() => reject(new Error(`ended without ${pattern}: ${read}`)))
      }),
  }
}

/** `GET path` on a connection of its own, and what comes back, as it is. */
export function rawGet(port: number, path: string, lines: readonly string[] = []): RawClient {
  return rawClient(
    port,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`,
  )
}
