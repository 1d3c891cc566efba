import { existsSync, readSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { MANIFOLD_GONE } from '../core/absence.ts'
import { Problem } from '../core/problem.ts'

// The manifold speaks HTTP, and its clients ask so little of it that they write it themselves: loading node:http
// costs 10 ms (and 80 ms by an import, which reads every export), and `dyno run` is felt.

/** An order or a question to the manifold. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer; `warning` is what the person should hear besides. */
export type Reply = { readonly status: number; readonly body: unknown; readonly warning: string | undefined }

/** Nobody listens on the socket, or the manifold behind it is just going: start one and call again. */
export class NobodyThere extends Error {}

// It was there, and has gone without an answer.
class HungUp extends NobodyThere {}

// One that leaves takes its socket with it, and whoever it has not heard may ask the next one. What is killed leaves its
// socket, but the system takes a moment to close all that it had.
async function wasKilled(socketPath: string): Promise<boolean> {
  for (let looks = 0; looks < LOOKS && existsSync(socketPath); looks++) {
    if (!(await isThere(socketPath))) return existsSync(socketPath)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
  return false
}

/** How often a socket is looked at, and how soon again, in milliseconds. */
const [LOOKS, PAUSE] = [10, 20]

/** Whether a manifold can be dialled on this socket. */
export function isThere(socketPath: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(socketPath)
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

/**
 * Asks the manifold on this socket; throws NobodyThere when there is none, and a Problem when it was killed meanwhile:
 * what was ordered may have been done, and is not to be ordered again without a person's wish.
 */
export async function ask(socketPath: string, call: Call): Promise<Reply> {
  const socket = send(socketPath, call)
  const { status, headers, rest } = await readHead(socket).catch(async (error: Error) => {
    const isLost = error instanceof HungUp && (await wasKilled(socketPath))
    throw isLost ? new Problem('manifold', MANIFOLD_GONE) : error
  })
  const warning = headers.get('x-heroku-warning')
  return {
    status,
    body: await readBody(socket, rest),
    warning: warning && Buffer.from(warning, 'latin1').toString(),
  }
}

/** Turns a request into a connection that carries frames; undefined when the manifold will not. */
export async function upgrade(socketPath: string, path: string): Promise<Socket | undefined> {
  const headers = { Connection: 'Upgrade', Upgrade: 'dyno-attach' }
  const socket = send(socketPath, { method: 'GET', path, headers })
  const { status, rest } = await readHead(socket)
  if (rest.length > 0) socket.unshift(rest)
  if (status === 101) return hearingOut(socket)
  socket.destroy()
  return undefined
}

// Where a write is refused, since the manifold has gone, Node closes the socket at once, and with it would go what the
// manifold has said before: that is handed over first. It is no more than the system keeps for a socket.
function hearingOut(socket: Socket): Socket {
  const destroy = socket._destroy.bind(socket)
  socket._destroy = (error, callback) => {
    const { syscall } = (error ?? {}) as NodeJS.ErrnoException
    if (syscall === 'write') for (const chunk of unread(socket)) socket.emit('data', chunk)
    destroy(error, callback)
  }
  return socket
}

function* unread(socket: Socket): Generator<Buffer> {
  for (let kept = socket.read(); kept !== null; kept = socket.read()) yield kept
  const { _handle: handle } = socket as unknown as { readonly _handle: { readonly fd: number } | null }
  for (;;) {
    const buffer = Buffer.allocUnsafe(1 << 16)
    let length = 0
    try {
      if (handle) length = readSync(handle.fd, buffer)
    } catch {} // it was reset, or is there after all and has no more to say
    if (length === 0) return
    yield buffer.subarray(0, length)
  }
}

/** The body of an answer as it comes; undefined when the manifold has none to give. */
export async function stream(socketPath: string, path: string): Promise<Socket | undefined> {
  const socket = send(socketPath, { method: 'GET', path })
  const { status, rest } = await readHead(socket)
  if (rest.length > 0) socket.unshift(rest)
  if (status === 200) return socket
  socket.destroy()
  return undefined
}

// HTTP/1.0, but for an upgrade: an answer ends with its connection, so there are no chunks to take apart.
function send(socketPath: string, { method, path, body, headers }: Call): Socket {
  const content = body === undefined ? '' : JSON.stringify(body)
  const fields = {
    Host: 'manifold',
    Connection: 'close',
    ...headers,
    'Content-Length': String(Buffer.byteLength(content)),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(socketPath)
  socket.write(
    `${method} ${path} HTTP/1.${fields.Connection === 'close' ? 0 : 1}\r\n${lines.join('')}\r\n${content}`,
  )
  return socket
}

type Head = { status: number; headers: ReadonlyMap<string, string>; rest: Buffer }

function readHead(socket: Socket): Promise<Head> {
  return new Promise((resolve, reject) => {
    let text = Buffer.alloc(0)
    const stop = () => {
      socket.off('data', take).off('error', fail).off('end', gone)
    }
    const take = (chunk: Buffer) => {
      text = Buffer.concat([text, chunk])
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      stop()
      socket.pause()
      resolve({ ...parseHead(text.toString('latin1', 0, end)), rest: text.subarray(end + 4) })
    }
    const gone = () => fail(Object.assign(new Error('it hung up'), { code: 'ECONNRESET' }))
    const fail = (error: NodeJS.ErrnoException) => {
      stop()
      socket.destroy()
      if (['ENOENT', 'ECONNREFUSED'].includes(error.code ?? '')) reject(new NobodyThere(error.message))
      else reject(['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? new HungUp(error.message) : error)
    }
    socket.on('data', take).on('error', fail).on('end', gone)
  })
}

async function readBody(socket: Socket, rest: Buffer): Promise<unknown> {
  const chunks = [rest]
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    return text === '' ? null : JSON.parse(text)
  } catch {
    throw new Problem('manifold', MANIFOLD_GONE) // killed in the middle of its answer
  }
}

function parseHead(text: string): Omit<Head, 'rest'> {
  const [first, ...lines] = text.split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(first!.split(' ')[1]), headers: new Map(headers) }
}
