import assert from 'node:assert/strict'
import test from 'node:test'
import { Problem } from '../../src/core/problem.ts'
import { DEFAULT_SIZE, dynoSize, quotaOf } from '../../src/core/size.ts'

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

const QUOTAS: readonly (readonly [size: string, megabytes: number])[] = [
  ['Eco', 512],
  ['Basic', 512],
  ['Standard-1X', 512],
  ['standard-2x', 1024],
  ['Performance-M', 2560],
  ['PL', 14_336],
  ['Performance-L-RAM', 30_720],
  ['Performance-XL', 63_488],
  ['Performance-2XL', 129_024],
]

for (const [size, megabytes] of QUOTAS) {
  test(`a dyno of size ${size} may use ${megabytes} MB`, () => {
    assert.equal(quotaOf(size), megabytes * 1024 * 1024)
  })
}
