import type { Duplex } from 'node:stream'
import type { Wire } from '../../core/wire/wire.ts'

/** Agrees to an upgrade: the connection carries frames from now on. */
export function openWire(socket: Duplex, head: Buffer): Wire {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: dyno-attach\r\n\r\n')
  if (head.length > 0) socket.unshift(head)
  let gathering = false
  // A terminal is read in many small pieces at a time: they go out together, at the end of this turn of the loop.
  const gather = () => {
    gathering = true
    socket.cork()
    setImmediate(() => {
      gathering = false
      socket.uncork()
    })
  }
  return {
    write(...parts) {
      if (!gathering) gather()
      return parts.map((part) => socket.write(part)).at(-1) ?? true
    },
    end: () => socket.end(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    listen({ received, drained, closed }) {
      socket.on('data', received)
      socket.on('drain', drained)
      socket.on('close', closed)
      socket.on('end', closed)
    },
  }
}
