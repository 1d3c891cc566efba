import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { lineNumberAt, linesBefore } from '../../src/edge/logs/read-lines.ts'

const folder = `${realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))}/logs`
mkdirSync(folder)
after(() => rmSync(`${folder}/..`, { recursive: true }))

// Lines 3 to 9, of which the last one has no end yet.
writeFileSync(`${folder}/from-3.log`, 'three\nfour\nfünf\n')
writeFileSync(`${folder}/from-6.log`, 'six\n\neight\nnin')

test('lines before a line are read, over the ends of files, oldest first', () => {
  assert.deepEqual(linesBefore(folder, 8, 4), ['four', 'fünf', 'six', ''])
  assert.deepEqual(linesBefore(folder, 6, 1), ['fünf'])
  assert.deepEqual(linesBefore(folder, 7, 1), ['six'])
})

test('there are no more lines than are kept, and none that has no end', () => {
  assert.deepEqual(linesBefore(folder, 5, 100), ['three', 'four'])
  assert.deepEqual(linesBefore(folder, 3, 100), [])
  assert.deepEqual(linesBefore(folder, 1, 100), [])
  assert.deepEqual(linesBefore(folder, 100, 92), ['eight'])
})

test('a place in the log has a line number', () => {
  assert.equal(lineNumberAt(folder, { first: 3, offset: 0 }), 3)
  assert.equal(lineNumberAt(folder, { first: 6, offset: 5 }), 8)
  assert.equal(lineNumberAt(folder, { first: 1, offset: 0 }), 1)
})
