import type { Socket } from 'node:net'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import { Problem } from '../../core/problem.ts'
import { exitPayload, FRAME, type Frame, frameHeader, readFrames } from '../../core/wire/frame.ts'
import { createDyno, joinCreated } from '../one-off/create-dyno.ts'
import type { Place } from '../place.ts'
import type { Ran, RunOptions } from './library-types.ts'

/** How much of the input goes into a frame, in bytes. */
const PIECE = 1 << 20

/** Runs a command in a one-off on pipes, and resolves when it has ended. */
export async function runToItsEnd(
  place: Place,
  command: string | readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const words = typeof command === 'string' ? [command] : command
  if (words.join('').trim() === '') throw new Problem('usage', "A one-off needs a command: run('bash -c …').")
  options.signal?.throwIfAborted()
  const { env = {} } = options
  const flags = new Map(
    (['size', 'release', 'slug'] as const).flatMap((name) => {
      const value = options[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  const attachment = { tty: false, attach: true, force_no_tty: true, isQuiet: true, env }
  const dyno = await createDyno(place, { flags, words }, attachment, () => {})
  const socket = await joinCreated(
    place,
    dyno,
    'The one-off was gone before it could be joined; run it again.',
  )
  return joined(socket, dyno.name, options)
}

// Leaving is ending: where we throw, the connection closes, and the one-off ends.
function joined(socket: Socket, name: string, options: RunOptions): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  const output: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] }
  const take = (frame: Frame): void => {
    switch (frame.kind) {
      case FRAME.up:
        sendInput(socket, options.input)
        break
      case FRAME.stdout:
      case FRAME.stderr: {
        const stream = frame.kind === FRAME.stdout ? 'stdout' : 'stderr'
        if (options.onOutput) options.onOutput(frame.payload, stream)
        else output[stream].push(frame.payload)
        break
      }
      case FRAME.exit: {
        const { status, message } = exitPayload(frame)
        if (message !== undefined) reject(new Problem('walls', message)) // it never began
        const [stdout, stderr] = [Buffer.concat(output.stdout), Buffer.concat(output.stderr)]
        resolve({ name, status: status ?? 1, stdout, stderr })
      }
    }
  }
  const abort = () => reject(options.signal?.reason)
  if (options.signal?.aborted) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  const frames = readFrames()
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of frames(chunk)) take(frame)
    } catch (error) {
      reject(error) // of onOutput: it is the caller's, and should reach them
    }
  })
  socket.on('error', () => socket.destroy()) // 'close' follows
  socket.on('close', () => reject(new Problem('manifold', MANIFOLD_GONE)))
  socket.resume()
  return promise.finally(() => {
    options.signal?.removeEventListener('abort', abort)
    socket.destroy()
  })
}

function sendInput(socket: Socket, input: string | Uint8Array = ''): void {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE)
    socket.write(frameHeader(FRAME.stdin, piece.length))
    socket.write(piece)
  }
  socket.write(frameHeader(FRAME.stdinEnd, 0))
}
