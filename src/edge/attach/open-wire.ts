import { FRAME, type Frame, type FrameKind, frameHeader, readFrames } from '../../core/wire/frame.ts'
import type { Wire, WireEvents } from '../../core/wire/wire.ts'

/** What the manifold says, for the client to hear in its own protocol. */
export type Hearing = {
  /** The next frame of the manifold's; false asks it to pause until `drained`. */
  hear(frame: Frame): boolean
  /** It will say no more. */
  finish(): void
  /** It has taken so much input, in bytes. */
  took(bytes: number): void
}

/** A wire, and what the client does at its other end. */
export type ClientEnd = {
  readonly wire: Wire
  /** What waits for the manifold, in bytes; a small frame counts as what it costs us. */
  readonly kept: number
  /** Says something to the manifold, or keeps it until that is wanted. */
  say(kind: FrameKind, payload: Uint8Array): void
  drained(): void
  /** The connection is gone. */
  closed(): void
}

/** What a frame takes besides its payload, in bytes. */
const FRAME_COST = 64

/** Makes a wire for a client that does not speak frames. Nobody on it is called while he is calling. */
export function openWire(client: Hearing): ClientEnd {
  const frames = readFrames()
  const said: { readonly frame: Uint8Array; readonly bytes: number }[] = []
  let kept = 0
  let events: WireEvents | undefined
  let [isPaused, isOver, isClosed] = [false, false, false]

  // An exception of the manifold's must reach nobody's event emitter: it is its own, and loud.
  const later = (call: () => void) => queueMicrotask(call)
  const flush = () => {
    while (said.length > 0 && events && !isPaused && !isOver && !isClosed) {
      const { frame, bytes } = said.shift()!
      kept -= frame.length + FRAME_COST
      events.received(frame)
      if (bytes > 0) client.took(bytes)
    }
  }
  const tellClosed = () => {
    events?.closed()
  }
  return {
    get kept() {
      return kept
    },
    wire: {
      write(...parts) {
        if (isOver || isClosed) return true
        return frames(Buffer.concat(parts)).map(client.hear).at(-1) ?? true
      },
      end() {
        if (isOver || isClosed) return
        isOver = true
        said.length = 0
        client.finish()
      },
      pause() {
        isPaused = true
      },
      resume() {
        isPaused = false
        later(flush)
      },
      listen(listener) {
        events = listener
        later(isClosed ? tellClosed : flush)
      },
    },
    say(kind, payload) {
      if (isOver || isClosed) return
      const frame = Buffer.concat([frameHeader(kind, payload.length), payload])
      kept += frame.length + FRAME_COST
      said.push({ frame, bytes: kind === FRAME.stdin ? payload.length : 0 })
      later(flush)
    },
    drained() {
      later(() => {
        if (!isClosed && !isOver) events?.drained()
      })
    },
    closed() {
      if (isClosed) return
      isClosed = true
      said.length = 0
      later(tellClosed)
    },
  }
}
