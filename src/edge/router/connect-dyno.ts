import { connect, type Socket } from 'node:net'
import { LOOPBACK } from '../../core/loopback.ts'

/** No connection within the time it may take. */
export class ConnectTimeout extends Error {}

/** Connects with a dyno on its port, within so many milliseconds; fails with its refusal or a ConnectTimeout. */
export function connectDyno(
  port: number,
  timeout: number,
  told: (error: Error | null, socket: Socket | null) => void,
): void {
  const dial = ([host, ...others]: readonly string[], refusal: Error | null): void => {
    if (host === undefined) {
      told(refusal, null)
      return
    }
    const socket = connect({ host, port, noDelay: true })
    const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), timeout)
    const failed = (error: Error): void => {
      clearTimeout(timer)
      if (error instanceof ConnectTimeout) told(error, null)
      else dial(others, refusal ?? error)
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', failed)
      told(null, hearOut(socket))
    })
  }
  dial(LOOPBACK, null)
}

/** How long a dyno that takes no more of a request is listened to, in milliseconds. */
const LINGER = 200

// A server may answer before it has read all (413), and close: then our next write fails before we have read what it
// said. Node throws that away when it hears of the failure, so it hears of it a little later.
function hearOut(socket: Socket): Socket {
  type Done = (error?: Error | null) => void
  const patiently = (done: Done): Done => {
    return (error) => (error ? setTimeout(done, LINGER, error) : done())
  }
  const { _write: write, _writev: writev } = socket
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, patiently(done))
  socket._writev = (chunks, done) => writev!.call(socket, chunks, patiently(done))
  return socket
}
