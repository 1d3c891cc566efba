import type { Child } from '../core/child.ts'
import { type Exit, exitStatus } from '../core/exit.ts'
import { terminalSize } from '../core/terminal-size.ts'
import { FRAME, type Frame, frameHeader, framePayload, jsonFrame, readFrames } from '../core/wire/frame.ts'
import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'

/** What the one-off's side wants to know of its client. */
export type Client = {
  hungUp(): void
  /** A signal, by number, that the client was sent and passes on. */
  signalled(signal: number): void
}

/** Where a terminal and its one-off meet: bytes pass through here and nowhere else. */
export type Rendezvous = {
  /** The one-off lives: what the client sent so far goes to it. */
  spawned(name: string, child: Child): void
  output(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  /** The one-off takes input again. */
  drained(): void
  /** The one-off is over; its exit is the last thing the client reads. */
  finish(exit: Exit): void
}

/** The highest signal of any system we run on. */
const MAX_SIGNAL = 64

/** How often a client we do not read from is written to, in milliseconds. */
const PROBE = 1000

/** Joins the client at the end of `wire` with a one-off that is about to start. */
export function openRendezvous(wire: Wire, client: Client, wake: Edges['wake']): Rendezvous {
  let child: Child | undefined
  let closed = false
  let unprobe = () => {}
  // A connection that is not read does not report its end; one that is written to does. So we say nothing, often.
  const probe = () => {
    wire.write(frameHeader(FRAME.stdout, 0))
    unprobe = wake(PROBE, probe)
  }
  const pause = () => {
    wire.pause()
    unprobe()
    unprobe = wake(PROBE, probe)
  }
  const resume = () => {
    if (closed) return
    unprobe()
    wire.resume()
  }
  const frames = readFrames()
  const take = (frame: Frame): void => {
    switch (frame.kind) {
      case FRAME.stdin:
        if (child && !child.write(frame.payload) && !closed) pause()
        break
      case FRAME.stdinEnd:
        child?.end()
        break
      case FRAME.resize: {
        const { columns, rows } = framePayload(frame) as { columns: unknown; rows: unknown }
        child?.resize(terminalSize(columns, rows))
        break
      }
      case FRAME.signal:
        client.signalled(signalNumber(framePayload(frame)))
        break
    }
  }
  const hangUp = () => {
    if (closed) return
    closed = true
    unprobe()
    child?.resume() // what it still writes is dropped; a program that cannot write could not end
    client.hungUp()
  }
  wire.listen({
    received(chunk) {
      if (closed) return
      try {
        for (const frame of frames(chunk)) take(frame)
      } catch {
        hangUp() // these are no frames: whoever this is, it is not our client
        wire.end()
      }
    },
    drained: () => child?.resume(),
    closed: hangUp,
  })
  pause() // until the child is there to read
  return {
    spawned(name, spawned) {
      child = spawned
      if (closed) return
      wire.write(jsonFrame(FRAME.up, { name }))
      resume()
    },
    output(stream, chunk) {
      if (closed) return
      const kept = new Uint8Array(chunk) // it goes out later
      if (!wire.write(frameHeader(FRAME[stream], kept.length), kept)) child?.pause()
    },
    drained: resume,
    finish(exit) {
      if (closed) return
      closed = true
      unprobe()
      const message = exit.how === 'failed' ? { message: exit.problem.message } : {}
      wire.write(jsonFrame(FRAME.exit, { status: exitStatus(exit), ...message }))
      wire.end()
      wire.resume() // what still comes is dropped: a connection that is not read would never close
    },
  }
}

function signalNumber(value: unknown): number {
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_SIGNAL) return Number(value)
  throw new RangeError('not a signal')
}
