import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { FRAME, jsonFrame, readFrames } from '../../core/wire/frame.ts'

/** Ends the formation that this connection holds, as SIGTERM does, and resolves when it is gone. */
export function letGo(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const frames = readFrames()
  socket.on('data', (chunk: Buffer) => {
    if (frames(chunk).some(({ kind }) => kind === FRAME.exit)) socket.destroy()
  })
  socket.once('close', () => resolve()) // also when the manifold was killed: then it is gone as well
  if (socket.closed) resolve()
  else socket.write(jsonFrame(FRAME.signal, constants.signals.SIGTERM))
  return promise
}
