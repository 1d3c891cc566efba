import assert from 'node:assert/strict'
import test from 'node:test'
import { cutLines } from '../../../src/core/log/line-cutter.ts'

const PREFIX = 'web.1: '
const bytes = (text: string) => Buffer.from(text).toString('latin1')

/** All lines of these chunks (bytes, a character each), the rest included, without their prefix. */
function lines(...chunks: readonly string[]): string[] {
  const cutter = cutLines()
  const cut = [...chunks.map((chunk) => cutter.cut(chunk, PREFIX)), cutter.rest(PREFIX)]
  assert.equal(cutter.tail(), '')
  return cut.flatMap(({ text, count }) => {
    const found = text.split('\n').slice(0, -1)
    assert.equal(found.length, count)
    for (const line of found) assert.ok(line.startsWith(PREFIX))
    return found.map((line) => line.slice(PREFIX.length))
  })
}

const CUTS: readonly (readonly [says: string, chunks: readonly string[], lines: readonly string[]])[] = [
  ['a line ends at its newline', ['a\nb\n'], ['a', 'b']],
  ['a line may come in pieces', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['blank lines are lines', ['\n\na\n\n'], ['', '', 'a', '']],
  ['a last line without a newline is a line', ['a\nb'], ['a', 'b']],
  ['nothing is no line', [''], []],
  ['a carriage return before the newline goes with it', ['a\r\nb\r', '\n\r\n'], ['a', 'b', '']],
  ['several carriage returns before the newline go with it', ['a\r\r\nb\r', '\r', '\n'], ['a', 'b']],
  ['a progress bar is a line in its last state', ['10%\r20%\r', '30%', '\r\nok\n'], ['30%', 'ok']],
  ['a bar that begins with its carriage return is that too', ['\r10%', '\r20%', '\n'], ['20%']],
  ['a bar that ends with the program is shown as it was', ['10%\r20%\r'], ['20%']],
  ['a bar between other lines harms none of them', ['a\n1\r2\nb\r\nc\n'], ['a', '2', 'b', 'c']],
  ['colours and other controls stay', ['\u001b[31mred\u0007\u0000\n'], ['\u001b[31mred\u0007\u0000']],
]

for (const [says, chunks, expected] of CUTS) {
  test(says, () => {
    assert.deepEqual(lines(...chunks), expected)
    assert.deepEqual(lines(chunks.join('')), expected, 'in one chunk')
    assert.deepEqual(lines(...chunks.join('')), expected, 'byte by byte')
  })
}

test('a line of 25,000 bytes becomes lines of 10,000, 10,000 and 5,000', () => {
  const text = 'x'.repeat(25_000)
  for (const chunks of [[`${text}\n`], [text, '\n'], [text], [...text.match(/.{1,777}/g)!, '\n']]) {
    assert.deepEqual(
      lines(...chunks).map((line) => line.length),
      [10_000, 10_000, 5000],
    )
  }
  assert.deepEqual(
    lines(`a\n${text}\nb\n`).map((line) => line.length),
    [1, 10_000, 10_000, 5000, 1],
  )
})

for (const end of ['\n', '\r\n', '']) {
  test(`a line of exactly 10,000 bytes before ${JSON.stringify(end)} is one line`, () => {
    const text = 'x'.repeat(10_000)
    assert.deepEqual(lines(text + end), [text])
    assert.deepEqual(lines(text, end), [text])

    assert.deepEqual(lines(`a\n${text}${end}`), ['a', text])
  })
}

test('a bar that goes on without a newline for ever takes no memory', () => {
  const cutter = cutLines()
  for (let i = 0; i < 10_000; i++) assert.equal(cutter.cut(`\r${i} of many`, PREFIX).count, 0)
  assert.equal(cutter.tail(), '9999 of many')
})

test('a character split between chunks stays whole, wherever it is split', () => {
  const text = bytes('aé☃🦆\r\nb🦆')
  const expected = ['aé☃🦆', 'b🦆'].map(bytes)
  for (let at = 0; at <= text.length; at++) {
    assert.deepEqual(lines(text.slice(0, at), text.slice(at)), expected)
  }
  assert.deepEqual(lines(...text), expected)
})

test('a long line is never cut within a character, however it arrives', () => {
  for (const character of ['é', '☃', '🦆']) {
    for (const lead of [9996, 9997, 9998, 9999, 10_000]) {
      const text = bytes('x'.repeat(lead) + character.repeat(4))
      for (const split of [9995, 9998, 9999, 10_000, 10_001]) {
        const cut = lines(text.slice(0, split), text.slice(split))
        assert.equal(cut.join(''), text, `${character} after ${lead}, split at ${split}`)
        assert.ok(cut.every((line) => line.length <= 10_000))
        for (const line of cut) assert.ok(!Buffer.from(line, 'latin1').toString().includes('\ufffd'))
      }
    }
  }
})

test('bytes that are no text stay what they are, and none of their lines is longer than 10,000 bytes', () => {
  assert.deepEqual(lines('\u00ff\nA'), ['\u00ff', 'A'])
  const all = String.fromCharCode(...Array(256).keys()).replaceAll(/[\r\n]/g, '')
  assert.deepEqual(lines(`${all}\n`), [all])
  assert.deepEqual(
    lines('\u0080'.repeat(20_000)).map((line) => line.length),
    [10_000, 10_000],
  )
})

test('the tail is what has no line end yet', () => {
  const cutter = cutLines()
  const tails = ['a\nPass', 'word: ', '1%\r2', '%\r', 'x\n'].map((chunk) => {
    cutter.cut(chunk, PREFIX)
    return cutter.tail()
  })
  assert.deepEqual(tails, ['Pass', 'Password: ', '2', '2%', ''])
})
