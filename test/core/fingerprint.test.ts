import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprint } from '../../src/core/fingerprint.ts'

test('a fingerprint is 28 hexadecimal digits, the same for the same parts', () => {
  assert.match(fingerprint(['a', 'b']), /^[0-9a-f]{28}$/)
  assert.equal(fingerprint(['a', 'b']), fingerprint(['a', 'b']))
})

test('where one part ends and the next begins counts, and so does their order', () => {
  const all = [['ab', 'c'], ['a', 'bc'], ['abc'], ['c', 'ab'], ['ab', 'c', ''], []]
  assert.equal(new Set(all.map(fingerprint)).size, all.length)
})

test('200,000 parts that differ little have no fingerprint in common', () => {
  const seen = new Set(
    Array.from({ length: 200_000 }, (_, i) => fingerprint([`lib/${i}.js`, '0', `${i % 7}`])),
  )
  assert.equal(seen.size, 200_000)
})
