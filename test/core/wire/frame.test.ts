import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type ExitPayload,
  exitPayload,
  FRAME,
  type Frame,
  type FrameKind,
  frameHeader,
  framePayload,
  jsonFrame,
  readFrames,
} from '../../../src/core/wire/frame.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function whole(kind: FrameKind, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(...frameHeader(kind, payload.length), ...payload)
}

const shown = (frames: readonly Frame[]) =>
  frames.map(({ kind, payload }) => [kind, new TextDecoder().decode(payload)])

const STREAM = Uint8Array.of(
  ...whole(FRAME.stdout, bytes('héllo')),
  ...whole(FRAME.stdinEnd, bytes('')),
  ...jsonFrame(FRAME.resize, { columns: 80, rows: 24 }),
  ...whole(FRAME.stderr, new Uint8Array(300).fill(0x61)),
)
const FRAMES = [
  [FRAME.stdout, 'héllo'],
  [FRAME.stdinEnd, ''],
  [FRAME.resize, '{"columns":80,"rows":24}'],
  [FRAME.stderr, 'a'.repeat(300)],
]

test('a header is the kind in one byte and the length in four', () => {
  assert.deepEqual([...frameHeader(FRAME.stderr, 0x01020304)], [2, 1, 2, 3, 4])
})

test('frames come out whole wherever their bytes are cut', () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const read = readFrames()
    assert.deepEqual(
      shown([...read(STREAM.subarray(0, at)), ...read(STREAM.subarray(at))]),
      FRAMES,
      `cut at ${at}`,
    )
  }
})

test('frames come out whole a byte at a time, each as soon as it is there', () => {
  const read = readFrames()
  const frames = [...STREAM].flatMap((byte) => read(Uint8Array.of(byte)))
  assert.deepEqual(shown(frames), FRAMES)
  assert.deepEqual(readFrames()(STREAM.subarray(0, 11)).length, 1)
  assert.deepEqual(readFrames()(STREAM.subarray(0, 10)).length, 0)
})

test('a JSON payload comes back as it was', () => {
  const [frame] = readFrames()(jsonFrame(FRAME.exit, { status: 143, message: 'é' }))
  assert.deepEqual(framePayload(frame!), { status: 143, message: 'é' })
})

const EXITS: readonly (readonly [sent: unknown, read: ExitPayload])[] = [
  [
    { status: 143, message: 'é' },
    { status: 143, message: 'é' },
  ],
  [{ status: 0 }, { status: 0, message: undefined }],
  [{ status: null }, { status: null, message: undefined }],
  [
    { status: '3', message: 4 },
    { status: null, message: undefined },
  ],
  [null, { status: null, message: undefined }],
]

test('an exit says a status and a message, or that it has none', () => {
  for (const [sent, read] of EXITS) {
    const [frame] = readFrames()(jsonFrame(FRAME.exit, sent))
    assert.deepEqual(exitPayload(frame!), read)
  }
})

test('a payload that is no JSON is a SyntaxError', () => {
  assert.throws(() => framePayload({ kind: FRAME.exit, payload: bytes('{') }), SyntaxError)
})

const GARBAGE: readonly (readonly [says: string, chunk: Uint8Array])[] = [
  ['an HTTP request', bytes('GET / HTTP/1.1\r\n\r\n')],
  ['a kind that does not exist', Uint8Array.of(9, 0, 0, 0, 0)],
  ['a length of more than 16 MiB', frameHeader(FRAME.stdin, 16 * 1024 * 1024 + 1)],
  ['garbage after a good frame', Uint8Array.of(...frameHeader(FRAME.stdinEnd, 0), 255, 0, 0, 0, 0)],
]

for (const [says, chunk] of GARBAGE) {
  test(`${says} is not taken for a frame`, () => assert.throws(() => readFrames()(chunk), RangeError))
}

test('a frame of 16 MiB is waited for', () => {
  assert.deepEqual(readFrames()(frameHeader(FRAME.stdin, 16 * 1024 * 1024)), [])
})
