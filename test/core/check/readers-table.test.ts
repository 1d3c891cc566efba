import assert from 'node:assert/strict'
import test from 'node:test'
import { readersOf } from '../../../src/core/check/readers-table.ts'

const outer = () => undefined
const rows = (kind: 'procfile' | 'dotenv', text: string, line: number) =>
  Object.fromEntries(readersOf(kind, text, outer)!(line))

test('what readers make of two lines with one name is told at both', () => {
  const text = 'web: one\nweb: two\n'
  assert.deepEqual(rows('procfile', text, 1), {
    'classic Heroku': 'web runs one; line 2 wins',
    'Heroku Fir': 'web runs one; line 2 wins',
    'heroku local': 'web runs one; line 2 wins',
    foreman: 'web runs one, and line 2 too',
    overmind: 'refuses the file: names must be unique',
    dyno: 'web runs one; line 2 wins',
  })
  assert.equal(rows('procfile', text, 2)['dyno'], 'web runs two')
})

test('what loaders make of a line is told by what happens to the file, too', () => {
  assert.deepEqual(rows('dotenv', "A=1\nB='x\n", 1), {
    Heroku: 'reads no .env: set config vars',
    'heroku local': 'crashes at line 2 and starts nothing',
    foreman: 'A is "1"',
    overmind: 'sets nothing of the file, for line 2',
    dyno: 'refuses the file for line 2',
  })
})

test('a byte-order mark is a part of the first line to those who do not know it', () => {
  const { foreman, overmind, dyno } = rows('dotenv', '\uFEFFA=1\n', 1)
  assert.deepEqual(
    [foreman, overmind, dyno],
    ['sets nothing here', 'sets nothing of the file, for line 1', 'A is "1"'],
  )
  assert.equal(rows('procfile', '\uFEFFweb: x\n', 1)['dyno'], 'web runs x')
})

test('of a secret its shape is told, and of a long value its beginning', () => {
  assert.equal(rows('dotenv', 'PG_PASS=ab-1\n', 1)['dyno'], 'PG_PASS is "••-•"')
  assert.equal(rows('dotenv', `A=${'x'.repeat(99)}\n`, 1)['dyno'], `A is "${'x'.repeat(58)}…`)
})

test('nobody else reads a .slugignore, and nobody a file of too many lines', () => {
  assert.equal(readersOf('slugignore', 'a\n', outer), undefined)
  assert.equal(readersOf('procfile', 'web: a\n'.repeat(20_000), outer), undefined)
})
