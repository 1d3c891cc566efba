import assert from 'node:assert/strict'
import test from 'node:test'
import { DOTENV_READERS } from '../../../src/core/check/dotenv-readers.ts'
import { linesOf } from '../../../src/core/check/text-file.ts'

// What foreman 0.90, overmind 2.5 and heroku local 11.10 were seen to hand to a program of these lines in November 2026,
// each followed by T_ZZ=end. `unset`: they set nothing; `lost`: nothing of the whole file; `crash`: they start nothing.

type Outcome = 'unset' | 'lost' | 'crash' | { readonly is: string }
type Row = readonly [says: string, text: string, foreman: Outcome, overmind: Outcome, local: Outcome]

const is = (value: string): Outcome => ({ is: value })
const all = (says: string, text: string, value: Outcome): Row => [says, text, value, value, value]
const $ = (inside: string) => `\u0024{${inside}}`
const KEY = '-----BEGIN KEY-----\nabc+/=\n-----END KEY-----'

const ROWS: readonly Row[] = [
  all('E02 an empty value', 'T_A=', is('')),
  ['E03 a line without =', 'T_A', 'unset', 'lost', is('')],
  ['E05 blanks before a name', '   T_A=bar', 'unset', is('bar'), is('bar')],
  ['E06 blanks behind a value', 'T_A=bar   ', is('bar   '), is('bar'), is('bar')],
  all('E08 double quotes', 'T_A="hello world"', is('hello world')),
  all('E09 single quotes', "T_A='hello world'", is('hello world')),
  all('E11 a comment', '# T_A=bad', 'unset'),
  all('E12 a comment behind blanks', '   # T_A=bad', 'unset'),
  ['E14 a # without a blank before it', 'T_A=bar#note', is('bar#note'), is('bar#note'), is('bar')],
  all('E15 a # in quotes', 'T_A="bar#note"', is('bar#note')),
  ['E17 \\n in double quotes', 'T_A="a\\nb"', is('a\nb'), is('a\nb'), is('a\\nb')],
  all('E18 \\n in single quotes', "T_A='a\\nb'", is('a\\nb')),
  ['E20 \\t in double quotes', 'T_A="a\\tb"', is('atb'), is('atb'), is('a\\tb')],
  ['E21 quotes in quotes', 'T_A="say \\"hi\\""', is('say "hi"'), is('say "hi\\'), is('say \\')],
  ['E23 a back-slash in quotes', 'T_A="C:\\\\dir"', is('C:\\dir'), is('C:\\dir'), is('C:\\\\dir')],
  all('E24 a back-slash without quotes', 'T_A=C:\\dir', is('C:\\dir')),
  ['E26 a value of two lines', "T_A='line1\nline2'", is("'line1"), is('line1\nline2'), 'crash'],
  ['E27 a $NAME', 'T_B=base\nT_A=$T_B/x', is('$T_B/x'), is('base/x'), is('$T_B/x')],
  [
    'E29 a reference in double quotes',
    `T_B=base\nT_A="${$('T_B')}/x"`,
    is(`${$('T_B')}/x`),
    is('base/x'),
    is(`${$('T_B')}/x`),
  ],
  all('E30 a reference in single quotes', `T_B=base\nT_A='${$('T_B')}/x'`, is(`${$('T_B')}/x`)),
  [
    'E32 a reference with a default',
    `T_A=${$('T_NOPE:-dflt')}`,
    is($('T_NOPE:-dflt')),
    is(':-dflt}'),
    is($('T_NOPE:-dflt')),
  ],
  all('E33 a command', 'T_A=$(echo pwned)', is('$(echo pwned)')),
  all('E35 = at the end', 'T_A=YWJj==', is('YWJj==')),
  all('E36 an address', 'T_A=postgres://u:p@h/db?a=b&c=d', is('postgres://u:p@h/db?a=b&c=d')),
  all('E38 the same name twice', 'T_A=1\nT_A=2', is('2')),
  all('E39 CRLF', 'T_A=bar\r\nT_B=baz\r', is('bar')),
  ['E41 a - in a name', 'T_A-B=bar', 'unset', 'lost', 'unset'],
  ['E45 a colon in place of =', 'T_A: bar', 'unset', is('bar'), 'unset'],
  ['E47 a quote that is not closed', "T_A='bar", is("'bar"), 'lost', 'crash'],
  all('E48 an apostrophe', "T_A=it's", is("it's")),
  all('E50 JSON', 'T_A={"a": "b"}', is('{"a": "b"}')),
  all('E51 JSON in single quotes', 'T_A=\'{"a": "b"}\'', is('{"a": "b"}')),
  ['E53 a letter that is not of ASCII in a name', 'é=1', 'unset', 'lost', 'unset'],
  ['E54 text behind the closing quote', 'T_A="bar"baz', is('"bar"baz'), 'lost', is('bar')],
  all('E56 blanks in quotes', 'T_A="  "', is('  ')),
  ['E57 a value that begins with #', 'T_A=#abc', is('#abc'), is('#abc'), is('')],
  all('E59 two $', 'T_A=a$$b', is('a$$b')),
  all('E60 a ;', 'T_A=a;b', is('a;b')),
  ['E62 a key of several lines', `T_A="${KEY}"`, is('"-----BEGIN KEY-----'), is(KEY), 'crash'],
  // The measuring showed both as $HOME: it put that in the place of the folder's name.
  ['E63 a $NAME from outside', 'T_A=/x:$HOME', is('/x:$HOME'), is('/x:/home/me'), is('/x:$HOME')],
  ['E65 a back-slash at the end of a line', 'T_A=a\\\nb', is('a\\'), 'lost', is('a\\')],
]

const outer = (name: string) => (name === 'HOME' ? '/home/me' : undefined)

// What a program finds in its environment, of this name and of T_ZZ: the last line with a name wins.
function outcome(reader: string, text: string, name = 'T_A'): Outcome {
  const { values, stops } = DOTENV_READERS.get(reader)!(linesOf(`${text}\nT_ZZ=end`), outer)
  if (stops) {
    assert.equal(values.size, 0, `${reader} stops at line ${stops.line}`)
    return stops.lost === 'all' ? 'crash' : 'lost'
  }
  const all = new Map([...values.values()].map((found) => [found.name, found.value]))
  assert.equal(all.get('T_ZZ'), 'end', `${reader} reads on`)
  const value = all.get(name)
  return value === undefined ? 'unset' : is(value)
}

for (const [says, text, foreman, overmind, local] of ROWS) {
  test(`the models of other loaders make of ${says} what those made of it`, () => {
    assert.deepEqual(outcome('foreman', text), foreman, 'foreman')
    assert.deepEqual(outcome('overmind', text), overmind, 'overmind')
    assert.deepEqual(outcome('heroku local', text), local, 'heroku local')
  })
}

test('E44 all loaders take a name of small letters', () => {
  for (const reader of DOTENV_READERS.keys()) assert.deepEqual(outcome(reader, 't_a=bar', 't_a'), is('bar'))
})

// E42: none was seen to set a name with a dot. overmind does, and it is the shell between it and the program that drops it.
test('E42 foreman and heroku local set no variable with a dot in its name', () => {
  for (const reader of ['foreman', 'heroku local'])
    assert.equal(outcome(reader, 'T_A.B=bar', 'T_A.B'), 'unset')
})

test('E39 a carriage return before the line end is part of no value', () => {
  for (const reader of DOTENV_READERS.keys())
    assert.deepEqual(outcome(reader, 'T_A=bar\r\nT_B=baz\r', 'T_B'), is('baz'))
})

test('a loader that gives a file up is told with the line for which it does', () => {
  const lines = linesOf("A=1\nB='x\n")
  assert.deepEqual(DOTENV_READERS.get('overmind')!(lines, outer).stops, { line: 2, lost: 'file' })
  assert.deepEqual(DOTENV_READERS.get('heroku local')!(lines, outer).stops, { line: 2, lost: 'all' })
  assert.equal(DOTENV_READERS.get('foreman')!(lines, outer).stops, undefined)
})
