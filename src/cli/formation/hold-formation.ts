import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import { exitPayload, FRAME, jsonFrame, readFrames } from '../../core/wire/frame.ts'

/** Signals that ask the formation to end; at a second one it is killed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** A Ctrl-C comes twice when a wrapper (npm, timeout) passes it on as well; nobody types that fast, in milliseconds. */
const SAME_KEY = 200

/** A formation that lives as long as we hold it. */
export type Held = {
  /**
   * Resolves when it is gone, or left, with our exit status: that of the first dyno that failed, else 128 + the signal
   * that ended it, else 0.
   */
  readonly ended: Promise<number>
  /** Asks it to end as if we had got this signal; at a second one it is killed. */
  end(name: NodeJS.Signals): void
  /** Leaves it to itself. */
  leave(): void
}

/** Holds the formation by this connection until it is gone; `say` tells a person how it goes. */
export function holdFormation(socket: Socket, say: (sentence: string) => void): Held {
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  let signal: number | undefined
  let interrupted = Number.NEGATIVE_INFINITY
  let over = false
  const finish = (status: number) => {
    if (over) return
    over = true
    socket.destroy()
    resolve(status)
  }
  const frames = readFrames()
  socket.on('data', (chunk: Buffer) => {
    for (const frame of frames(chunk)) {
      if (frame.kind === FRAME.stderr) say(frame.payload.toString())
      if (frame.kind !== FRAME.exit) continue
      const { status } = exitPayload(frame)
      finish(status ?? (signal === undefined ? 0 : 128 + signal))
    }
  })
  socket.on('close', () => {
    if (!over) say(MANIFOLD_GONE)
    finish(1)
  })
  socket.on('error', () => socket.destroy()) // 'close' follows and says it
  const end = (name: NodeJS.Signals): void => {
    // A closed window hangs up more than once: the kernel does, and the shell. It is nobody's second thought.
    if (signal !== undefined && name === 'SIGHUP') return
    if (name === 'SIGINT') {
      const since = performance.now() - interrupted
      interrupted = performance.now()
      if (since < SAME_KEY) return
    }
    if (signal === undefined && name === 'SIGINT') say('Stopping all processes; Ctrl-C again kills them.')
    signal ??= constants.signals[name]
    socket.write(jsonFrame(FRAME.signal, constants.signals[name]))
  }
  for (const name of ENDING) process.on(name, () => end(name))
  socket.resume()
  return {
    ended,
    end,
    leave() {
      over = true
      socket.end(jsonFrame(FRAME.leave, null))
      resolve(0)
    },
  }
}
