import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import {
  exitPayload,
  FRAME,
  type Frame,
  frameHeader,
  framePayload,
  jsonFrame,
  readFrames,
} from '../../core/wire/frame.ts'
import { type HeldTerminal, holdTerminal } from '../../edge/hold-terminal.ts'
import { complain, endLine } from '../print.ts'

/** Signals that are passed on to the one-off when we get them. */
const FORWARDED = ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** This many Ctrl-C within a second end the connection whatever the one-off does. */
const IMPATIENT = 4

const HUNG_UP = 128 + constants.signals.SIGHUP
const PIPE_BROKE = 128 + constants.signals.SIGPIPE

/** How our terminal or our pipes are joined with what runs at the other end. */
export type Joining = {
  readonly tty: boolean
  up(name: string): void
  /** The key that leaves what runs there alone, as a byte; without one, leaving is ending. */
  readonly detachKey?: number
  /** What runs there has ended, with this status; all of its output is shown. */
  ended?(status: number): void
}

/** Joins our terminal or our pipes with the dyno at the other end; answers with its exit status. */
export function attach(socket: Socket, options: Joining): Promise<number> {
  let terminal: HeldTerminal | undefined
  return new Promise((resolve) => {
    let over = false
    let isUp = false
    const leave = (status: number, sentence?: string) => {
      over = true
      terminal?.release()
      socket.destroy()
      if (sentence) complain(sentence)
      resolve(status)
    }
    const take = (frame: Frame): void => {
      switch (frame.kind) {
        case FRAME.up:
          isUp = true
          options.up((framePayload(frame) as { name: string }).name)
          terminal = options.tty ? holdTerminal() : undefined
          forwardInput(socket, terminal, {
            ...options,
            detach: () => leave(0),
            disconnect: () => leave(1, 'forcing dyno disconnect'),
          })
          break
        case FRAME.stdout:
          show(process.stdout, frame.payload)
          break
        case FRAME.stderr:
          show(process.stderr, frame.payload)
          break
        case FRAME.exit: {
          const { status, message } = exitPayload(frame)
          over = true
          void flushed().then(() => {
            options.ended?.(status ?? 1)
            leave(status ?? 1, message)
          })
          break
        }
      }
    }
    // A reader slower than the dyno holds it back, and gets every byte before we leave.
    const show = (output: NodeJS.WriteStream, bytes: Uint8Array) => {
      if (!output.write(bytes)) socket.pause()
    }
    for (const output of [process.stdout, process.stderr]) {
      output.on('drain', () => socket.resume())
      output.on('error', () => leave(PIPE_BROKE)) // our reader has left, as in `… | head`
    }
    const frames = readFrames()
    socket.on('data', (chunk: Buffer) => joined(frames(chunk)).forEach(take))
    socket.on('close', () => {
      if (over) return
      over = true
      void flushed().then(() => leave(1, MANIFOLD_GONE))
    })
    socket.on('error', () => socket.destroy()) // 'close' follows and says it
    socket.resume()
    process.on('SIGHUP', () => leave(HUNG_UP))
    for (const name of FORWARDED) {
      const number = constants.signals[name]
      process.on(name, () => {
        // Before it is up nobody is there to get it; our leaving ends the one-off.
        if (isUp && options.detachKey === undefined) return void socket.write(jsonFrame(FRAME.signal, number))
        endLine('')
        leave(128 + number)
      })
    }
  })
}

// A terminal's output comes in frames of a few kilobytes: written one by one they would cost a system call each.
function joined(frames: readonly Frame[]): Frame[] {
  const result: Frame[] = []
  for (let i = 0; i < frames.length; ) {
    const { kind } = frames[i]!
    const from = i++
    while (kind === FRAME.stdout && frames[i]?.kind === kind) i++
    const payloads = frames.slice(from, i).map(({ payload }) => payload)
    result.push({ kind, payload: payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads) })
  }
  return result
}

function flushed(): Promise<unknown> {
  const outputs = [process.stdout, process.stderr]
  return Promise.all(outputs.map((output) => new Promise((resolve) => output.write('', resolve))))
}

function forwardInput(
  socket: Socket,
  terminal: HeldTerminal | undefined,
  leaving: { readonly detachKey?: number; detach(): void; disconnect(): void },
): void {
  const { stdin } = process
  const { detachKey } = leaving
  const isImpatient = detachKey === undefined ? countCtrlC() : () => false
  stdin.on('data', (chunk: Buffer) => {
    if (terminal && isImpatient(chunk)) return leaving.disconnect()
    const isDetaching = terminal !== undefined && chunk.at(-1) === detachKey
    const typed = isDetaching ? chunk.subarray(0, -1) : chunk
    if (typed.length === 0) return leaving.detach()
    socket.cork()
    socket.write(frameHeader(FRAME.stdin, typed.length))
    const ready = socket.write(typed)
    socket.uncork()
    if (isDetaching) leaving.detach()
    else if (!ready) stdin.pause()
  })
  socket.on('drain', () => stdin.resume())
  const end = () => socket.write(frameHeader(FRAME.stdinEnd, 0))
  stdin.on('end', end)
  stdin.on('error', end) // a terminal that was closed reads as an error
  if (!terminal) return
  const resize = () => socket.write(jsonFrame(FRAME.resize, terminal.size()))
  terminal.onResize(resize)
  resize() // it may have changed while the dyno started
}

// As in Heroku's CLI each must be a key press of its own: pasted bytes do not count.
function countCtrlC(): (chunk: Buffer) => boolean {
  let times: number[] = []
  return (chunk) => {
    if (chunk.length !== 1 || chunk[0] !== 3) return false
    const now = Date.now()
    times = [...times.filter((time) => now - time < 1000), now]
    return times.length >= IMPATIENT
  }
}
