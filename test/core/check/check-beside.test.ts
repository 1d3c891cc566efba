import assert from 'node:assert/strict'
import test from 'node:test'
import { checkProfile, checkSlugignore } from '../../../src/core/check/check-beside.ts'
import { checkText } from '../../../src/core/check/check-text.ts'
import { fileKind } from '../../../src/core/check/file-kind.ts'
import type { Finding } from '../../../src/core/check/finding.ts'
import { MOST_LINES } from '../../../src/core/check/text-file.ts'

const places = (findings: readonly Finding[]) =>
  findings.map(({ line, column, rule }) => `${line}:${column} ${rule}`)

test('in a .slugignore a pattern that takes back and one that leaves out the Procfile are found', () => {
  const text = '# !c\n*.log\n!keep.log\nProc*\n/Procfile\ndocs/Procfile\nProcfile/\n*\n'
  assert.deepEqual(places(checkSlugignore('.slugignore', text)), [
    '3:1 negated-pattern',
    '4:1 procfile-left-out',
    '5:1 procfile-left-out',
    '8:1 procfile-left-out',
  ])
})

test('in a .slugignore a byte-order mark and CRLF are found', () => {
  assert.deepEqual(places(checkSlugignore('.slugignore', '\uFEFFtmp\r\nlog\r\n')), [
    '1:1 byte-order-mark',
    '1:4 carriage-returns',
  ])
})

test('a pattern longer than any path matches nothing and does no harm', () => {
  for (const piece of ['a', '[', '*a', '(']) {
    assert.deepEqual(checkSlugignore('.slugignore', `${piece.repeat(100_000)}\n`), [])
  }
})

test('in a profile script the first line that can end the dyno is found', () => {
  const rows: readonly (readonly [text: string, found: readonly string[]])[] = [
    ['export A=1\nexit 1\nexit 2\n', ['2:1 profile-exits']],
    ['set -e\n', ['1:1 profile-exits']],
    ['set -eu\n', ['1:1 profile-exits']],
    ['set -xu\n', ['1:1 profile-exits']],
    ['exec node a.js\n', ['1:1 profile-exits']],
    ['exec 2>&1\nexec >log\n', []],
    ['set -x\nset +e\nset -o pipefail\n', []],
    ['if x; then\n  exit 1\nfi\n(exit 1)\n', []],
    ['exit_code=1\nexported=1\n', []],
    ['', []],
  ]
  for (const [text, found] of rows)
    assert.deepEqual(places(checkProfile('.profile.d/a.sh', text)), found, text)
})

test('in a profile script CRLF is an error, and a byte-order mark is found', () => {
  assert.deepEqual(places(checkProfile('.profile', '\uFEFFA=1\r\nB=2\r\n')), [
    '1:1 byte-order-mark',
    '1:4 profile-carriage-returns',
  ])
})

test('of the files in .profile.d those that do not end in .sh are found, and .profile itself is none of them', () => {
  assert.deepEqual(places(checkProfile('app/.profile.d/a.bash', 'A=1\n')), ['1:1 profile-not-sourced'])
  assert.deepEqual(places(checkProfile('.profile', 'A=1\n')), [])
})

test('a secret in a profile script is shown by its shape only', () => {
  const [finding] = checkProfile('.profile', 'exit 1 # API_TOKEN=4f9d2c7be01a58d3\n')
  assert.equal(finding!.source, `exit 1 # API_TOKEN=${'•'.repeat(16)}`)
})

test('a file is known by its name', () => {
  const kinds: Readonly<Record<string, ReturnType<typeof fileKind>>> = {
    Procfile: 'procfile',
    'a/Procfile.dev': 'procfile',
    'env/Procfile': 'procfile',
    'Procfile.env': 'procfile',
    whatever: 'procfile',
    '-': 'procfile',
    '.env': 'dotenv',
    '.env.local': 'dotenv',
    'config/sample.env': 'dotenv',
    'a/.slugignore': 'slugignore',
    '.profile': 'profile',
    '.profile.d/x.sh': 'profile',
    'a/.profile.d/x': 'profile',
    '.profile.d/Procfile': 'profile',
    'app.json': 'app-json',
    'a/app.json': 'app-json',
  }
  for (const [path, kind] of Object.entries(kinds)) assert.equal(fileKind(path), kind, path)
})

test('a file of any kind with a NUL byte has this one finding, at its place', () => {
  for (const kind of ['procfile', 'dotenv', 'slugignore', 'profile', 'app-json'] as const) {
    const found = checkText({ name: 'x', kind, text: '\uFEFFa\r\nbé\0c\0\n' }, { outer: () => undefined })
    assert.deepEqual(places(found), ['2:3 nul-byte'])
  }
})

test('a file with more lines than any has is not looked at, and one with as many is', () => {
  for (const kind of ['procfile', 'dotenv', 'slugignore', 'profile', 'app-json'] as const) {
    const found = (text: string) => checkText({ name: 'x', kind, text }, { outer: () => undefined })
    assert.deepEqual(places(found('\n'.repeat(MOST_LINES + 1))), [`${MOST_LINES + 1}:1 unreadable`])
    assert.ok(found('\n'.repeat(MOST_LINES)).every(({ rule }) => rule !== 'unreadable'))
  }
})
