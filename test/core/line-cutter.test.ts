import assert from 'node:assert/strict'
import test from 'node:test'
import { cutLines } from '../../src/core/line-cutter.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** All lines of these chunks, the rest included. */
function lines(...chunks: readonly (string | Uint8Array)[]): string[] {
  const cutter = cutLines()
  const cut = chunks.flatMap((chunk) => cutter.cut(typeof chunk === 'string' ? bytes(chunk) : chunk))
  return [...cut, ...cutter.rest()]
}

const CUTS: readonly (readonly [says: string, chunks: readonly string[], lines: readonly string[]])[] = [
  ['a line ends at its newline', ['a\nb\n'], ['a', 'b']],
  ['a line may come in pieces', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['blank lines are lines', ['\n\na\n\n'], ['', '', 'a', '']],
  ['a last line without a newline is a line', ['a\nb'], ['a', 'b']],
  ['nothing is no line', [''], []],
  ['a carriage return before the newline goes with it', ['a\r\nb\r', '\n\r\n'], ['a', 'b', '']],
  ['other carriage returns stay', ['10%\r20%\r\n'], ['10%\r20%']],
  ['a byte order mark is a character like others', ['\ufeffa\n'], ['\ufeffa']],
]

for (const [says, chunks, expected] of CUTS) {
  test(says, () => assert.deepEqual(lines(...chunks), expected))
}

test('a line of 25,000 bytes becomes lines of 10,000, 10,000 and 5,000', () => {
  const text = 'x'.repeat(25_000)
  for (const chunks of [[`${text}\n`], [text, '\n'], [text], [...text.match(/.{1,777}/g)!, '\n']]) {
    assert.deepEqual(
      lines(...chunks).map((line) => line.length),
      [10_000, 10_000, 5000],
    )
  }
})

for (const end of ['\n', '\r\n', '']) {
  test(`a line of exactly 10,000 bytes before ${JSON.stringify(end)} is one line`, () => {
    const text = 'x'.repeat(10_000)
    assert.deepEqual(lines(text + end), [text])
    assert.deepEqual(lines(text, end), [text])
    assert.deepEqual(lines(`${text}${end.slice(0, 1)}`, end.slice(1), 'y'), [text, 'y'])
  })
}

test('a carriage return where a long line is cut stays', () => {
  const text = `${'x'.repeat(9999)}\ryy`
  assert.equal(lines(`${text}\n`).join(''), text)
})

test('a character split between chunks stays whole, wherever it is split', () => {
  const text = 'aé☃🦆\r\nb🦆'
  const all = bytes(text)
  for (let at = 0; at <= all.length; at++) {
    assert.deepEqual(lines(all.subarray(0, at), all.subarray(at)), ['aé☃🦆', 'b🦆'])
  }
  assert.deepEqual(lines(...[...all].map((byte) => Uint8Array.of(byte))), ['aé☃🦆', 'b🦆'])
})

test('a long line is never cut within a character, however it arrives', () => {
  for (const character of ['é', '☃', '🦆']) {
    for (const lead of [9996, 9997, 9998, 9999, 10_000]) {
      const text = 'x'.repeat(lead) + character.repeat(4)
      const all = bytes(text)
      const splits = [9995, 9998, 9999, 10_000, 10_001]
      for (const split of splits) {
        const cut = lines(all.subarray(0, split), all.subarray(split))
        assert.equal(cut.join(''), text, `${character} after ${lead}, split at ${split}`)
        assert.ok(cut.every((line) => bytes(line).length <= 10_000))
      }
    }
  }
})

test('bytes that are no text are replaced, and none of their lines is longer than 10,000 bytes', () => {
  assert.deepEqual(lines(Uint8Array.of(0xff, 0x0a, 0x41)), ['\ufffd', 'A'])
  assert.deepEqual(
    lines(new Uint8Array(20_000).fill(0x80)).map((line) => line.length),
    [10_000, 10_000],
  )
})

test('a chunk may be used again by its sender once it is cut', () => {
  const cutter = cutLines()
  const chunk = bytes('ab')
  cutter.cut(chunk)
  chunk.fill(0x7a)
  assert.deepEqual(cutter.cut(bytes('c\n')), ['abc'])
})
