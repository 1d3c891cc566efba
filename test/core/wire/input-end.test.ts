import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { watchInputEnd } from '../../../src/core/wire/input-end.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const CHUNKS: readonly (readonly [chunks: readonly string[], data: readonly string[], isEnd: boolean])[] = [
  [['abc'], ['abc'], false],
  [['abc', '\x04'], ['abc', ''], true],
  [['abc\x04'], ['abc'], true],
  [['\x04'], [''], true],
  [['\x04\x04'], ['\x04'], true],
  [['a\x04b'], ['a\x04b'], false],
  [['\x04', 'more'], ['', '\x04more'], false],
  [['\x04', '\x04'], ['', '\x04'], true],
  [['\x04', '', 'x'], ['', '', '\x04x'], false],
  [['a\x04', 'b\x04'], ['a', '\x04b'], true],
]

for (const [chunks, data, isEnd] of CHUNKS) {
  test(`${JSON.stringify(chunks)} is ${JSON.stringify(data)}${isEnd ? ', and perhaps the end' : ''}`, () => {
    const input = watchInputEnd()
    assert.deepEqual(
      chunks.map((chunk) => Buffer.from(input.pass(bytes(chunk))).toString()),
      data,
    )
    assert.equal(input.isPossible(), isEnd)
  })
}

test('whatever comes in whatever pieces, only a last ^D is not data', () => {
  const chunk = fc.array(fc.constantFrom(0x04, 0x61)).map((codes) => Uint8Array.from(codes))
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const input = watchInputEnd()
      const data = Buffer.concat(chunks.map((each) => input.pass(each)))
      const end = input.isPossible() ? [Buffer.of(0x04)] : []
      assert.deepEqual(Buffer.concat([data, ...end]), Buffer.concat(chunks))
      assert.equal(input.isPossible(), Buffer.concat(chunks).at(-1) === 0x04)
    }),
  )
})
