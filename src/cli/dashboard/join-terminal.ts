import type { Socket } from 'node:net'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import { exitPayload, FRAME, frameHeader, jsonFrame, readFrames } from '../../core/wire/frame.ts'
import type { Heard, Session } from '../../tui/orders.ts'

/** How many bytes may wait for the terminal to take them in before the dyno is held back. */
const HIGH_WATER = 1024 * 1024

/** Joins a terminal that is not ours, but a pane's, with the dyno at the other end. */
export function joinTerminal(
  socket: Socket,
  { name, heard }: { readonly name: string; readonly heard: Heard },
): Session {
  let isOver = false
  const end = (status: number, message?: string): void => {
    if (!isOver) heard.ended(status, message)
    isOver = true
    socket.destroy()
  }
  let waiting = 0
  const show = (bytes: Uint8Array): void => {
    waiting += bytes.length
    if (waiting > HIGH_WATER) socket.pause()
    heard.output(bytes, () => {
      waiting -= bytes.length
      if (waiting <= HIGH_WATER) socket.resume()
    })
  }
  const frames = readFrames()
  socket.on('data', (chunk: Buffer) => {
    for (const frame of frames(chunk)) {
      if (frame.kind === FRAME.stdout || frame.kind === FRAME.stderr) show(frame.payload)
      if (frame.kind !== FRAME.exit) continue
      const { status, message } = exitPayload(frame)
      end(status ?? 1, message)
    }
  })
  socket.on('close', () => end(1, MANIFOLD_GONE))
  socket.on('error', () => socket.destroy()) // 'close' follows and says it
  socket.resume()
  return {
    name,
    write(text) {
      if (isOver) return
      const bytes = Buffer.from(text)
      socket.write(frameHeader(FRAME.stdin, bytes.length))
      socket.write(bytes)
    },
    resize: (size) => isOver || socket.write(jsonFrame(FRAME.resize, size)),
    close() {
      isOver = true
      socket.destroy()
    },
  }
}
