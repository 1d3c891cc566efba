import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** The begin of a head that has another behind it, but for its last digit: 100, 102, 103. */
const INTERIM = Buffer.from('HTTP/1.1 10')
const END = Buffer.from('\r\n\r\n')
const [ZERO, ONE, TWO, CR] = [0x30, 0x31, 0x32, 0x0d]

const BEGIN = new WeakMap<object, () => void>()

// Only undici knows when the answer before is over and the next request goes out.
subscribe('undici:client:sendHeaders', (sent) => BEGIN.get((sent as { socket: Socket }).socket)?.())

/**
 * A dyno may say `100 Continue` though nobody asked it to, and is to be passed over (RFC 9110, 15.2), which undici does
 * with every 1xx but this: it gets to read 102.
 */
export function passContinue(socket: Socket): Socket {
  const push = socket.push
  const begin = (): void => {
    const pass = continuePasser()
    socket.push = (chunk, encoding) => {
      if (chunk === null || !pass(chunk)) socket.push = push
      return push.call(socket, chunk, encoding)
    }
  }
  BEGIN.set(socket, begin)
  return socket
}

/** Makes each 100 at the head of an answer a 102, however it is cut into chunks; false when the answer itself has begun. */
function continuePasser(): (chunk: Buffer) => boolean {
  let awaited = INTERIM
  let matched = 0
  return (chunk) => {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (awaited === END) {
        matched = byte === END[matched] ? matched + 1 : Number(byte === CR)
        if (matched < END.length) continue
        awaited = INTERIM
        matched = 0
      } else if (matched < INTERIM.length) {
        if (byte !== INTERIM[matched]) return false
        matched++
      } else {
        if (byte === ONE) return false
        if (byte === ZERO) chunk[i] = TWO
        awaited = END
        matched = 0
      }
    }
    return true
  }
}
