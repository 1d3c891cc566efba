import type { Dyno } from '../core/dyno.ts'
import { inSeconds } from '../core/patience.ts'
import { FRAME, type FrameKind, frameHeader, jsonFrame, readFrames } from '../core/wire/frame.ts'
import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'

/** How often a client is told whom it waits for, in milliseconds: soon the first time. */
const FIRST_NOTICE = 1000
const NOTICES = 5000

/** What the holder of a formation may do with it. */
export type Holder = {
  letGo(): void
  kill(): void
  dynos(): readonly Dyno[]
}

/** The open connection that keeps a formation wanted. */
export type Lease = {
  /** The formation is gone; `status` is that of the first dyno that failed, if one did. */
  finish(status: number | null): void
}

/**
 * Holds the formation for the client at the end of `wire`. When the connection closes, or the client passes a signal
 * on, the formation is let go; at a second signal its dynos are killed. A client may also leave it to itself.
 */
export function openLease(wire: Wire, holder: Holder, { wake, now }: Pick<Edges, 'wake' | 'now'>): Lease {
  let closed = false
  let isLeaving = false
  let silence = () => {}

  const notice = () => {
    const sentence = waitingFor(holder.dynos(), now())
    if (closed || sentence === undefined) return
    const text = new TextEncoder().encode(sentence)
    wire.write(frameHeader(FRAME.stderr, text.length), text)
    silence = wake(NOTICES, notice)
  }
  const leave = () => {
    if (isLeaving) return holder.kill()
    isLeaving = true
    silence = wake(FIRST_NOTICE, notice)
    holder.letGo()
  }
  const hangUp = () => {
    if (closed) return
    closed = true
    silence()
    if (!isLeaving) holder.letGo()
  }
  const take = (kind: FrameKind): void => {
    if (kind === FRAME.signal) leave()
    if (kind !== FRAME.leave || isLeaving) return
    closed = true
    wire.end()
    wire.resume()
  }
  const frames = readFrames()
  wire.listen({
    received(chunk) {
      if (closed) return
      try {
        for (const { kind } of frames(chunk)) take(kind)
      } catch {
        hangUp() // these are no frames: whoever this is, it is not our client
        wire.end()
      }
    },
    drained() {},
    closed: hangUp,
  })
  return {
    finish(status) {
      if (closed) return
      closed = true
      silence()
      wire.write(jsonFrame(FRAME.exit, { status }))
      wire.end()
      wire.resume()
    },
  }
}

function waitingFor(dynos: readonly Dyno[], now: number): string | undefined {
  const stopping = dynos.flatMap(({ kind, name, state }) => {
    return kind === 'formation' && state.is === 'stopping' ? [{ name, due: state.due }] : []
  })
  if (stopping.length === 0) return undefined
  const left = Math.max(0, ...stopping.map(({ due }) => due - now))
  const names = stopping.map(({ name }) => name).join(', ')
  return `Waiting for ${names}: SIGKILL in ${inSeconds(left)} s, or at once with Ctrl-C.`
}
