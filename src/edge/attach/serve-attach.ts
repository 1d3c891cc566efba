import { createPrivateKey, type KeyObject } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { keepRoom } from '../../core/platform/keep-room.ts'
import { Problem } from '../../core/problem.ts'
import type { Meeting } from '../../core/wire/meeting.ts'
import { meetRendezvous } from './meet-rendezvous.ts'
import { endOfLine, endOfOpening, parseOpening, readOpening } from './read-opening.ts'

/** What the port is opened with. */
export type AttachOptions = {
  /** 0: any that is free. */
  readonly port: number
  /** Of the TLS server, in PEM. */
  readonly certificate: { readonly key: string; readonly cert: string }
  /** The SSH server's: a private key on the curve P-256, in PEM. That of the certificate will do. */
  readonly hostKey: string
  /**
   * Who comes with this token; asked at most once per connection, so a token may be good for one. A client that is met
   * may be gone before it is joined: nobody is told of that.
   */
  meet(token: string): Meeting | undefined
  /** How long a connection may carry nothing, in milliseconds; an hour unless told. */
  readonly idle?: number
  /** How long a client may take to show a token, and as long again until it speaks SSH, in milliseconds; 10 s unless told. */
  readonly patience?: number
}

export type AttachPort = {
  readonly port: number
  /** Stops listening and ends every connection. */
  close(): void
}

/** What every address is made with that is given out. */
const LOOPBACK = '127.0.0.1'
/** How many connections may be open that have not shown a good token. */
const MAX_STRANGERS = 64
/** How long a client may leave a connection open that we have given up, in milliseconds. */
const GRACE = 2000
const [HOUR, TEN_SECONDS] = [60 * 60 * 1000, 10_000]

/** The longest line and head, in bytes; SSH's own limit for its first line is 255. */
const MAX_OPENING = 8 * 1024
const MAX_SSH_LINE = 255

const SSH_LINE = /^SSH-2\.0-[^\r]*\r\n$/
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

/**
 * Serves the port where Heroku's CLI meets a dyno, to this machine only: by `rendezvous://127.0.0.1:PORT/TOKEN` and by
 * `https://127.0.0.1:PORT/TOKEN`. Rejects with the system's error when it cannot be opened, or Node's for bad keys.
 */
export async function serveAttach(options: AttachOptions): Promise<AttachPort> {
  const secureContext = createSecureContext(options.certificate)
  const meetings: Meetings = { ...options, hostKey: readKey(options.hostKey) }
  const [open, strangers] = [new Set<TLSSocket>(), keepRoom(MAX_STRANGERS)]

  const receive = (raw: Socket): void => {
    raw.setNoDelay(true)
    raw.on('error', () => {}) // told by the socket on top of it
    const socket = new TLSSocket(raw, { isServer: true, secureContext })
    open.add(socket)
    strangers.met(socket)
    const patience = setTimeout(() => socket.destroy(), options.patience ?? TEN_SECONDS)
    socket.on('error', () => socket.destroy()) // 'close' follows and is what counts
    socket.on('close', () => {
      clearTimeout(patience)
      open.delete(socket)
    })
    void admit(meetings, socket, {
      known() {
        strangers.known(socket)
        patience.refresh()
      },
      joined: () => clearTimeout(patience),
    })
  }

  const server = createServer(receive)
  return {
    port: await listen(server, options.port),
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

/** What is told of a client on its way to a dyno. */
type Progress = { known(): void; joined(): void }

type Meetings = Pick<AttachOptions, 'meet' | 'idle'> & { readonly hostKey: KeyObject }

async function admit(options: Meetings, socket: TLSSocket, { known, joined }: Progress): Promise<void> {
  const bytes = await readOpening(socket, MAX_OPENING, endOfOpening)
  if (!bytes) return void socket.destroy()
  const { token, mode } = parseOpening(bytes)
  const meeting = token === '' ? undefined : options.meet(token)
  if (!meeting) return void (mode === 'tunnel' ? socket.end(NOT_FOUND) : socket.end()).resume()
  known()
  let hangUp = (): void => void socket.end()
  const idle = () => {
    hangUp()
    setTimeout(() => socket.destroy(), GRACE).unref() // it may be stuck
  }
  const timer = setTimeout(idle, options.idle ?? HOUR)
  socket.on('close', () => clearTimeout(timer))
  const touch = () => void timer.refresh()
  if (mode === 'rendezvous') {
    refusable(socket, () => {
      meetRendezvous(socket, meeting, touch)
      joined()
    })
    return
  }
  socket.write(SWITCH)
  const line = await readOpening(socket, MAX_SSH_LINE, endOfLine)
  if (!line || !SSH_LINE.test(line.toString('latin1'))) return void socket.destroy()
  const { meetSsh, readHostKey } = await import('./meet-ssh.ts') // 50 ms, for who comes with it
  const hostKey = await readHostKey(options.hostKey)
  if (!socket.destroyed) hangUp = meetSsh(socket, line, hostKey, { meeting, touch, joined })
}

// A dyno that is gone meanwhile is told of by the end of the connection: there is no other way before it is up.
function refusable(socket: Duplex, join: () => void): void {
  try {
    join()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    socket.end()
  }
}

function readKey(pem: string): KeyObject {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new TypeError('not a key on the curve P-256')
  return key
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
