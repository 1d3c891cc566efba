import { constants } from 'node:os'
import { Problem } from '../../core/problem.ts'
import type { TerminalSize } from '../../core/terminal-size.ts'
import { queueBytes } from '../../core/wire/byte-queue.ts'
import { endsInMarker } from '../../core/wire/exit-marker.ts'
import { exitPayload, FRAME } from '../../core/wire/frame.ts'
import type { Meeting } from '../../core/wire/meeting.ts'
import { holdOutput } from './hold-output.ts'
import { openWire } from './open-wire.ts'

/** How much may wait for the client before its dyno is held back, in bytes. */
const HIGH_WATER = 512 * 1024
/** How much of what a client says is kept while its dyno does not read: twice an honest one's window, in bytes. */
const MAX_KEPT = 2 * 1024 * 1024

/**
 * How long a client that has read its command's exit status has to go, in milliseconds: Heroku's CLI kills its ssh
 * then, and waits for ever if that has something unread.
 */
const FAREWELL = 1000

/** What a channel of SSH can do for us. */
export type Channel = {
  /** The most bytes in one piece, and how many the client takes at first. */
  readonly piece: number
  readonly window: number
  /** Resolves when they are on their way; rejects when the channel is closed. */
  send(bytes: Uint8Array, stream: 'stdout' | 'stderr'): Promise<void>
  /** Lets the client send so many bytes more. */
  allow(bytes: number): void
  /** The end of both streams, with the status where there is one; the client goes when it has read that. */
  finish(status: number | undefined): Promise<void>
  /** The client does what it may not. */
  cut(): void
}

/** What is told of it. */
export type ChannelEvents = {
  /** The client is ready; `terminal` is null where it asked for none. */
  join(terminal: TerminalSize | null): void
  received(bytes: Uint8Array): void
  inputEnded(): void
  resized(size: TerminalSize): void
  /** A signal's name without SIG. */
  signalled(name: string): void
  /** The client takes so many bytes more. */
  windowGrew(bytes: number): void
  closed(): void
}

/** Joins a channel with a dyno by a wire. `touch` is called whenever it carries something. */
export function joinChannel(channel: Channel, meeting: Meeting, touch: () => void): ChannelEvents {
  const waiting = queueBytes<'stdout' | 'stderr'>()
  let window = channel.window
  let newline = '\n'
  let status: number | undefined
  let [isUp, isSending, isBehind, isOver, isClosed, isMarked] = [false, false, false, false, false, false]

  // Never more than the client takes: the library would wait for it with the channel locked, and so for ever when
  // a request, such as for another size, comes before the client takes more.
  const pump = async (): Promise<void> => {
    if (isSending) return
    isSending = true
    while (window > 0 && !isClosed) {
      const next = waiting.take(Math.min(window, channel.piece))
      if (!next) break
      window -= next.bytes.length
      await channel.send(next.bytes, next.label).catch(closed)
    }
    isSending = false
    if (isClosed || waiting.length > 0) return
    if (isOver) {
      if (isMarked) await new Promise((resolve) => setTimeout(resolve, FAREWELL).unref())
      if (isClosed) return
      isClosed = true
      await channel.finish(status).catch(() => {}) // it is gone: as good
    } else if (isBehind) {
      isBehind = false
      end.drained()
    }
  }
  const send = (bytes: Uint8Array, stream: 'stdout' | 'stderr'): boolean => {
    waiting.push(bytes, stream)
    void pump()
    isBehind ||= waiting.length > HIGH_WATER
    return !isBehind
  }
  // A terminal has one stream only; and Heroku's CLI shows nobody what its ssh has to say on the other.
  const tell = (message: string): boolean =>
    send(Buffer.from(`${message}${newline}`), newline === '\n' ? 'stderr' : 'stdout')
  const output = holdOutput((bytes) => {
    if (bytes.length > 0) isMarked = endsInMarker(bytes)
    return send(bytes, 'stdout')
  })
  const finish = () => {
    output.rest()
    isOver = true
    void pump()
  }
  const closed = () => {
    isClosed = true
    output.drop()
    waiting.clear()
    end.closed()
  }
  const say: (typeof end)['say'] = (kind, payload) => {
    end.say(kind, payload)
    if (end.kept > MAX_KEPT) channel.cut()
  }
  const sayJson = (kind: typeof FRAME.resize | typeof FRAME.signal, value: unknown) =>
    say(kind, Buffer.from(JSON.stringify(value)))

  const end = openWire({
    hear({ kind, payload }) {
      if (payload.length > 0) touch()
      switch (kind) {
        case FRAME.up:
          isUp = true
          return true
        case FRAME.stdout:
          return output.pass(payload)
        case FRAME.stderr:
          return send(payload, 'stderr')
        case FRAME.exit: {
          const exit = exitPayload({ kind, payload })
          status = exit.status ?? status
          if (exit.message !== undefined && !isUp) tell(exit.message)
          return true
        }
        default:
          return true
      }
    },
    finish,
    took: channel.allow,
  })
  return {
    join(terminal) {
      if (terminal) newline = '\r\n'
      try {
        meeting.join(() => end.wire, terminal)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        status = 1
        tell(error.message)
        finish()
      }
    },
    received(bytes) {
      if (!isOver) touch()
      say(FRAME.stdin, bytes)
    },
    inputEnded: () => say(FRAME.stdinEnd, Buffer.alloc(0)),
    resized: (size) => sayJson(FRAME.resize, size),
    signalled(name) {
      const signal = (constants.signals as Readonly<Record<string, number>>)[`SIG${name}`]
      if (signal !== undefined) sayJson(FRAME.signal, signal)
    },
    windowGrew(bytes) {
      window += bytes
      void pump()
    },
    closed,
  }
}
