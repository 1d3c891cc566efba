import type { Socket } from 'node:net'

/** Connections of which nothing good has come yet. */
export type Strangers = {
  met(socket: Socket): void
  /** This one is no stranger any more. */
  known(socket: Socket): void
}

/** Keeps at most so many strangers: the oldest makes room, so that nobody can fill a port who may not even use it. */
export function keepRoom(most: number): Strangers {
  const strangers = new Set<Socket>()
  return {
    met(socket) {
      strangers.add(socket)
      socket.once('close', () => strangers.delete(socket))
      if (strangers.size > most) strangers.values().next().value?.destroy()
    },
    known: (socket) => void strangers.delete(socket),
  }
}
