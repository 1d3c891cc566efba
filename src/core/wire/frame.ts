import { joinBytes } from './join-bytes.ts'

/** What a frame between a terminal and its one-off carries. The numbers are the wire's. */
export const FRAME = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  resize: 3,
  signal: 4,
  exit: 5,
  stdinEnd: 6,
  up: 7,
  /** The client leaves, and what it held goes on. */
  leave: 8,
} as const

export type FrameKind = (typeof FRAME)[keyof typeof FRAME]
export type Frame = { readonly kind: FrameKind; readonly payload: Uint8Array }

/** A frame's header: its kind in one byte and the payload's length in four, big end first. */
const HEADER_BYTES = 5

/** No honest frame is longer; a longer one means that the other side does not speak frames. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024

/** The five bytes that go before a payload of `length` bytes. */
export function frameHeader(kind: FrameKind, length: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  header[0] = kind
  new DataView(header.buffer).setUint32(1, length)
  return header
}

/** A whole frame with a small payload that is JSON. */
export function jsonFrame(kind: FrameKind, value: unknown): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(value))
  return joinBytes([frameHeader(kind, payload.length), payload])
}

/** The value of a JSON payload; throws a SyntaxError when it is none. */
export function framePayload(frame: Frame): unknown {
  return JSON.parse(new TextDecoder().decode(frame.payload))
}

/** How it ended at the other end. */
export type ExitPayload = {
  /** Of the one-off, or of the first dyno of a formation that failed; null when none did, and when it is not said. */
  readonly status: number | null
  /** Why it never began, for a person. */
  readonly message: string | undefined
}

/** What an exit frame says; throws a SyntaxError when its payload is no JSON. */
export function exitPayload(frame: Frame): ExitPayload {
  const { status, message } = (framePayload(frame) ?? {}) as { status?: unknown; message?: unknown }
  return {
    status: typeof status === 'number' ? status : null,
    message: typeof message === 'string' ? message : undefined,
  }
}

/** Cuts a byte stream into frames as it arrives; throws a RangeError when the bytes are not frames. */
export function readFrames(): (chunk: Uint8Array) => Frame[] {
  let pending: Uint8Array = new Uint8Array(0)
  return (chunk) => {
    pending = pending.length === 0 ? chunk : joinBytes([pending, chunk])
    const frames: Frame[] = []
    let at = 0
    while (pending.length - at >= HEADER_BYTES) {
      const length = new DataView(pending.buffer, pending.byteOffset + at).getUint32(1)
      if (pending[at]! > FRAME.leave || length > MAX_PAYLOAD_BYTES) throw new RangeError('not a frame')
      const end = at + HEADER_BYTES + length
      if (pending.length < end) break
      frames.push({ kind: pending[at] as FrameKind, payload: pending.subarray(at + HEADER_BYTES, end) })
      at = end
    }
    pending = pending.subarray(at)
    return frames
  }
}
