import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { endsInMarker, holdMarker, unfinishedMarker } from '../../../src/core/wire/exit-marker.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString()

const MARKER = '\uffff heroku-command-exit-status: '
const LINE = `${MARKER}0\n`

const UNFINISHED: readonly (readonly [text: string, held: number])[] = [
  ['', 0],
  ['hello', 0],
  ['hello\n', 0],
  ['\uffff', 3],
  ['abc\uffff', 3],
  ['\uffff ', 4],
  ['\uffff h', 5],
  ['\uffff x', 0],
  ['\uffff\uffff', 3],
  ['\uffff heroku\uffff', 3],
  [MARKER, 32],
  [`x${MARKER}1`, 33],
  [`${MARKER}127`, 35],
  [`${MARKER}127\r`, 36],
  [`${MARKER}127\r\n`, 0],
  [`${MARKER}127\n`, 0],
  [`${MARKER}1277`, 0],
  [`${MARKER}1 `, 0],
  [`${MARKER}\r`, 0],
  [`${MARKER}\n`, 0],
  [`${MARKER}1\r\r`, 0],
  [`${MARKER}1\n${MARKER}2`, 33],
  ['￼ heroku', 0],
]

for (const [said, held] of UNFINISHED) {
  test(`of ${JSON.stringify(said)} ${held} bytes may be half a marker line`, () => {
    assert.equal(unfinishedMarker(bytes(said)), held)
  })
}

test('half a character is held back as well', () => {
  assert.equal(unfinishedMarker(bytes('a\uffff').subarray(0, 2)), 1)
  assert.equal(unfinishedMarker(bytes('a\uffff').subarray(0, 3)), 2)
})

for (const line of [LINE, `${MARKER}255\r\n`, `\uffff${LINE}`, `${MARKER}${LINE}`]) {
  test(`${JSON.stringify(line)} comes in one piece wherever it is cut, twice`, () => {
    const whole = bytes(`before${line}after`)
    const wanted = line.slice(line.lastIndexOf('\uffff'))
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        const hold = holdMarker()
        const cuts = [whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)]
        const pieces = cuts.map((cut) => hold.pass(cut))
        const holders = pieces.filter((piece) => text([piece]).includes(wanted))
        assert.equal(holders.length, 1, `cut at ${first} and ${second}`)
        assert.equal(text([...pieces, hold.rest()]), `before${line}after`)
      }
    }
  })
}

test('what is held back is what might still become a marker, and it is given up when it is asked for', () => {
  const hold = holdMarker()
  assert.equal(hold.pass(bytes('a\uffff heroku')).length, 1)
  assert.equal(hold.isHolding(), true)
  assert.equal(hold.pass(bytes('')).length, 0)
  assert.equal(text([hold.rest()]), '\uffff heroku')
  assert.equal(hold.isHolding(), false)
  assert.equal(hold.rest().length, 0)
})

test('nothing is lost, added or put elsewhere, and little is ever held back, whatever comes in whatever pieces', () => {
  const part = fc.constantFrom('\uffff', ' heroku-command-exit-status: ', MARKER, LINE, '12', '\r', '\n', 'x')
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat(40)), (parts, lengths) => {
      const whole = bytes(parts.join(''))
      const hold = holdMarker()
      const pieces: Uint8Array[] = []
      let at = 0
      let passed = 0
      for (const length of [...lengths, whole.length]) {
        const piece = hold.pass(whole.subarray(at, at + length))
        at = Math.min(whole.length, at + length)
        passed += piece.length
        pieces.push(piece)
        assert.ok(at - passed <= 36)
        assert.equal(hold.isHolding(), at > passed)
      }
      assert.deepEqual(Buffer.concat([...pieces, hold.rest()]), Buffer.from(whole))
    }),
  )
})

test('a program that writes U+FFFF for ever is never more than one behind', () => {
  const hold = holdMarker()
  let passed = 0
  for (let i = 1; i <= 10_000; i++) {
    passed += hold.pass(bytes('\uffff')).length
    assert.equal(passed, 3 * (i - 1))
  }
})

test('a whole marker line at the end is told from half a one, and from one that has been followed', () => {
  const ends = (text: string) => endsInMarker(new TextEncoder().encode(text))
  const marker = '\uffff heroku-command-exit-status: 127'
  for (const text of [`${marker}\n`, `${marker}\r\n`, `${'x'.repeat(5000)}\n${marker}\n`, `abc${marker}\n`])
    assert.ok(ends(text), JSON.stringify(text.slice(-60)))
  for (const text of ['', marker, `${marker}\nmore`, `${marker}1\n`, marker.replace('\uffff', '?')])
    assert.ok(!ends(text), JSON.stringify(text))
})
