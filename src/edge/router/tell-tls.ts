import { createServer, type Server, type Socket } from 'node:net'

/** The first byte of every TLS connection: a record of the handshake. */
const HANDSHAKE = 0x16

/** A port that takes both: each connection goes to the server that its first byte asks for. */
export function tellTls(plain: Server, secure: Server, patience: number): Server {
  return createServer((socket: Socket) => {
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
