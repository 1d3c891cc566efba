import assert from 'node:assert/strict'
import test from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { DEFAULT_SIZE, dynoSize } from '../../src/core/size.ts'

const SIZES: readonly (readonly [text: string, size: string])[] = [
  ['basic', 'Basic'],
  ['STANDARD-1X', 'Standard-1X'],
  ['1x', 'Standard-1X'],
  ['2X', 'Standard-2X'],
  ['pm', 'Performance-M'],
  ['PL', 'Performance-L'],
  ['performance-l-ram', 'Performance-L-RAM'],
  [DEFAULT_SIZE, DEFAULT_SIZE],
]

for (const [text, size] of SIZES) {
  test(`the size ${text} is written back as ${size}`, () => assert.equal(dynoSize(text), size))
}

for (const text of ['', 'huge', '3x', 'constructor', '__proto__', ' basic']) {
  test(`there is no size '${text}', and the choices are named`, () => {
    assert.throws(
      () => dynoSize(text),
      (error) => {
        assert.ok(error instanceof Problem)
        assert.match(error.message, /The sizes are Eco, Basic, Standard-1X, /)
        return true
      },
    )
  })
}
