import assert from 'node:assert/strict'
import test from 'node:test'
import type { Finding } from '../../../src/core/check/finding.ts'
import { countedText, countFindings, strictly } from '../../../src/core/check/finding.ts'
import { findingLines } from '../../../src/core/check/finding-text.ts'

const plain = (text: string) => text

function finding(change: Partial<Finding> = {}): Finding {
  const usual = { file: 'Procfile', line: 2, column: 5, severity: 'error', rule: 'no-colon' } as const
  return { ...usual, message: 'There is no colon.', source: 'this is it', ...change }
}

// The character above the caret.
function pointedAt([, source, caret]: readonly string[]): string {
  return [...source!][[...caret!].indexOf('^')]!
}

test('a finding is its place, severity, rule and message, the line, and a caret below the place', () => {
  assert.deepEqual(findingLines(finding(), plain), [
    'Procfile:2:5 error no-colon There is no colon.',
    '  this is it',
    '      ^',
  ])
})

test('of a line with nothing to see only the message is shown', () => {
  for (const source of ['', '  \t'])
    assert.equal(findingLines(finding({ source, column: 1 }), plain).length, 1)
})

test('a caret is below its character behind tabs and characters of two units', () => {
  assert.equal(pointedAt(findingLines(finding({ source: '\ta\t!b', column: 4 }), plain)), '!')
  assert.equal(pointedAt(findingLines(finding({ source: '🍵🍵é!b', column: 4 }), plain)), '!')
})

test('of a long line a part is shown, and the caret is below its character wherever that is', () => {
  for (const column of [1, 2, 49, 50, 51, 52, 100, 500, 950, 999, 1000]) {
    const source = `${'.'.repeat(column - 1)}!${'.'.repeat(1000 - column)}`
    const lines = findingLines(finding({ source, column }), plain)
    assert.equal(pointedAt(lines), '!', String(column))
    assert.ok([...lines[1]!].length <= 104, String(column))
    assert.equal(lines[1]!.startsWith('  …'), column > 51)
    assert.equal(lines[1]!.endsWith('…'), column < 951)
  }
})

test('the end of a long line can be pointed at', () => {
  const [, source, caret] = findingLines(finding({ source: 'x'.repeat(300), column: 301 }), plain)
  assert.equal(caret!.indexOf('^'), source!.length)
})

test('no escape sequence, line end or turn of direction of a file or of its name reaches the terminal', () => {
  const hostile = '\x1b[2J\x1b]0;title\x07\r\n\x9b31m\u202Egnp\u2028\u2066\x7f\x00'
  const lines = findingLines(
    finding({ file: `a${hostile}b`, message: `Say ${hostile}.`, source: `x${hostile}y` }),
    plain,
    [['foreman', `runs ${hostile}`]],
  )
  assert.equal(lines.length, 4)
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u)
})

test('what other readers make of the line is in columns below it', () => {
  const lines = findingLines(finding(), plain, [
    ['foreman', 'skips it'],
    ['heroku local', 'stops'],
  ])
  assert.deepEqual(lines.slice(3), ['    foreman       skips it', '    heroku local  stops'])
})

test('place, severity, rule and caret are painted by what they are', () => {
  const painted = findingLines(finding(), (text, as) => `<${as} ${text}>`)
  assert.equal(painted[0], '<place Procfile:2:5> <error error> <faint no-colon> There is no colon.')
  assert.equal(painted[2], '      <error ^>')
})

test('findings are counted by their severity, in words that a person would use', () => {
  const rows: readonly (readonly [error: number, warning: number, note: number, text: string])[] = [
    [0, 0, 0, ''],
    [1, 0, 0, '1 error'],
    [2, 0, 1, '2 errors and 1 note'],
    [2, 1, 3, '2 errors, 1 warning and 3 notes'],
  ]
  for (const [error, warning, note, text] of rows) assert.equal(countedText({ error, warning, note }), text)
  assert.deepEqual(countFindings([finding(), finding({ severity: 'note' }), finding()]), {
    error: 2,
    warning: 0,
    note: 1,
  })
})

test('strictly, warnings are errors, and notes stay notes', () => {
  const all = (['error', 'warning', 'note'] as const).map((severity) => finding({ severity }))
  assert.deepEqual(
    strictly(all).map(({ severity }) => severity),
    ['error', 'error', 'note'],
  )
})
