import assert from 'node:assert/strict'
import test from 'node:test'
import { diffLines, fixText } from '../../../src/core/check/fix.ts'
import { parseDotenv } from '../../../src/core/config/config.ts'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'
import { foundIn } from './finding-rows.ts'

const REPAIRS: readonly (readonly [says: string, before: string, after: string])[] = [
  ['CRLF', 'web: a\r\n# c\r\nb: d\r\n', 'web: a\n# c\nb: d\n'],
  ['a byte-order mark', '\uFEFFweb: a\n', 'web: a\n'],
  ['blanks before a name', ' \tweb: a\n', 'web: a\n'],
  ['no blank after the colon', 'web:a:b\n', 'web: a:b\n'],
  ['all of them, without a last line end', '\uFEFF  web:a  \r\n\tb: c', 'web: a  \nb: c'],
]

for (const [says, before, after] of REPAIRS) {
  test(`of a Procfile the fix repairs ${says}, and it declares the same types`, () => {
    assert.equal(fixText('procfile', before), after)
    assert.equal(fixText('procfile', after), after)
    assert.deepEqual(parseProcfile(after).types, parseProcfile(before).types)
    assert.deepEqual(foundIn('procfile', after), [])
  })
}

test('the fix leaves alone what has no one meaning, and what is as it should be', () => {
  for (const text of [
    '',
    'web: a\n',
    'web : a\n',
    '  garbage\n',
    'web:\n',
    '  # comment\n',
    'web:\t\ta\n',
    'web: a\rb: c\n',
    'web: a\r\r\n',
    'web: a\uFEFF\n',
    '+x:y\n',
  ])
    assert.equal(fixText('procfile', text), text, JSON.stringify(text))
})

test('of other files the fix repairs line ends and the byte-order mark, and nothing else', () => {
  for (const kind of ['dotenv', 'slugignore', 'profile', 'app-json'] as const)
    assert.equal(fixText(kind, '\uFEFF A = b \r\n\r\nC:d'), ' A = b \n\nC:d')
})

test('a .env sets the same after the fix, values of several lines too', () => {
  const before = '\uFEFFA="b\r\nc"\r\nD=e\r\n'
  const vars = (text: string) => parseDotenv(text, () => undefined).vars
  assert.deepEqual(vars(fixText('dotenv', before)), vars(before))
  assert.equal(vars(before).get('A'), 'b\nc')
})

test('the diff of a fix shows each run of changed lines, with names for what cannot be seen', () => {
  const before = '\uFEFF\tweb:a\r\nb: c\n# d\r\ne: f\x1b[2J\r\n'
  assert.deepEqual(
    diffLines({ name: 'Procfile', kind: 'procfile', text: before }, fixText('procfile', before)),
    [
      '--- Procfile',
      '+++ Procfile',
      '@@ -1,1 +1,1 @@',
      '-<BOM>→web:a␍',
      '+web: a',
      '@@ -3,2 +3,2 @@',
      '-# d␍',
      '-e: f\uFFFD[2J␍',
      '+# d',
      '+e: f\uFFFD[2J',
    ],
  )
})

test('there is no diff of a text that stays as it is', () => {
  assert.deepEqual(diffLines({ name: 'Procfile', kind: 'procfile', text: 'web: a\n' }, 'web: a\n'), [])
})

test('a diff of a hundred thousand and more lines is whole', () => {
  const before = 'web: a\r\n'.repeat(150_000)
  assert.equal(
    diffLines({ name: 'Procfile', kind: 'procfile', text: before }, fixText('procfile', before)).length,
    3 + 2 * 150_000,
  )
})

test('of a secret the diff of a fix shows the shape only, in a value of several lines as well', () => {
  const before = 'TOKEN=abc123\r\nKEY="-----BEGIN\r\nMIIEow==\r\n"\r\n'
  const shown = diffLines({ name: '.env', kind: 'dotenv', text: before }, fixText('dotenv', before)).join(
    '\n',
  )
  assert.doesNotMatch(shown, /abc|123|MIIE|BEGIN/)
  assert.match(shown, /^-TOKEN=•{6}␍$/m)
})
