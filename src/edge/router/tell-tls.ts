import { createServer, type Server, type Socket } from 'node:net'

/** The first byte of every TLS connection: a record of the handshake. */
const HANDSHAKE = 0x16

/** What a port tells apart, for whom, and how long it waits for a first byte. */
type Telling = {
  readonly plain: Server
  readonly secure: Server
  /** Its connections, until they close: neither server knows one that is silent, or in the midst of a handshake. */
  readonly told: Set<Socket>
  readonly patience: number
}

/** A port that takes both: each connection goes to the server that its first byte asks for. */
export function tellTls({ plain, secure, told, patience }: Telling): Server {
  return createServer((socket: Socket) => {
    told.add(socket)
    socket.once('close', () => told.delete(socket))
    socket.setTimeout(patience, () => socket.destroy()) // until it is one server's or the other's
    socket.on('error', () => socket.destroy())
    socket.once('data', (chunk) => {
      socket.pause()
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.unshift(chunk)
      const server = chunk[0] === HANDSHAKE ? secure : plain
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
}
