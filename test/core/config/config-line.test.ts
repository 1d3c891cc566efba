import assert from 'node:assert/strict'
import test from 'node:test'
import { describeNote } from '../../../src/core/note.ts'
import { type AcceptedRow, acceptsRows, LAST, read } from '../accepted-rows.ts'
import { assertNotes, type ExpectedNote } from '../expected-notes.ts'

const accepted: readonly AcceptedRow[] = [
  {
    says: 'export before a name is skipped',
    text: 'export T_A=1\nexport   T_B  =2',
    vars: { T_A: '1', T_B: '2' },
  },
  {
    says: 'export is a name when nothing follows it',
    text: 'export=1\nexport =2',
    vars: { export: '2' },
    warnings: [[2, 1, /`export` is also set/]],
  },
  {
    says: 'exported YAML is skipped too',
    text: 'export T_A: x',
    vars: {},
    warnings: [[1, 11, /looks like YAML/]],
  },
  {
    says: 'blanks around the = are dropped',
    text: '    T_A = parsed\nT_B= 3',
    vars: { T_A: 'parsed', T_B: '3' },
  },
  {
    says: 'blanks within a value need no quotes',
    text: 'T_A=Your Session Secret goes here\nT_B=20 GeV',
    vars: { T_A: 'Your Session Secret goes here', T_B: '20 GeV' },
  },
  { says: 'angle brackets need no quotes', text: 'PG_DB=<db name>', vars: { PG_DB: '<db name>' } },
  {
    says: 'a blank and a # begin a comment',
    text: 'T_A=60 # In seconds\nT_B=a\t# b\nT_C= # fill in',
    vars: { T_A: '60', T_B: 'a', T_C: '' },
  },
  {
    says: 'a value may hold a # and have a comment',
    text: 'T_A=fred#qux # other',
    vars: { T_A: 'fred#qux' },
    warnings: [[1, 9, /`heroku local` cuts/]],
  },
  {
    says: 'a comment may follow a closing quote',
    text: `T_A="smtps://u:p@h" # used "often"\nT_B='#1'   # it's`,
    vars: { T_A: 'smtps://u:p@h', T_B: '#1' },
  },
  {
    says: 'a # right after a closing quote begins a comment, with a warning',
    text: 'T_A="foo"#bar',
    vars: { T_A: 'foo' },
    warnings: [[1, 10, /Put a blank before this #/]],
  },
  {
    says: 'quotes of one kind hold the other kind',
    text: `T_A='"From Name" <from@example.com>'\nT_B="echo 'asd'"`,
    vars: { T_A: '"From Name" <from@example.com>', T_B: "echo 'asd'" },
  },
  {
    says: 'escaped quotes do not end lines within quotes',
    text: 'T_A="line one\nthis is \\"quoted\\"\none more line"',
    vars: { T_A: 'line one\nthis is "quoted"\none more line' },
  },
  { says: 'lines within quotes may end in CRLF', text: 'T_A="a\r\nb"\r', vars: { T_A: 'a\nb' } },
  { says: 'a back-slash before another letter stays', text: 'T_A="\\d+\\w"', vars: { T_A: '\\d+\\w' } },
  { says: '\\n without quotes is two characters', text: 'T_A=a\\nb', vars: { T_A: 'a\\nb' } },
  {
    says: 'the value of a skipped name is skipped whole',
    text: 'T-A="x\nT_A=1\ny"',
    vars: {},
    warnings: [[1, 1, /`T-A` cannot name a variable/]],
  },
  {
    says: 'a name may not begin with a digit',
    text: '1A=x',
    vars: {},
    warnings: [[1, 1, /`1A` cannot name/]],
  },
  { says: 'a byte-order mark is dropped', text: '\uFEFFBOM=UTF-8', vars: { BOM: 'UTF-8' } },
  {
    says: 'a carriage return alone ends no line, and is a warning',
    text: 'T_A=a\rT_B=b',
    vars: { T_A: 'a\rT_B=b' },
    warnings: [[1, 6, /carriage return/]],
  },
  {
    says: 'names of objects are only names',
    text: '__proto__=1\nconstructor=2',
    vars: Object.fromEntries([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]),
  },
]

const refused: readonly { says: string; text: string; errors: readonly ExpectedNote[] }[] = [
  {
    says: 'a second word after quotes is an error where it begins',
    text: 'T_A="one"  two',
    errors: [[1, 12, /text after the closing quote/]],
  },
  { says: 'E03 a line without = is an error', text: 'T_A', errors: [[1, 1, /There is no = in this line/]] },
  {
    says: 'E47 a quote that is never closed is an error where it opens',
    text: "# x\nT_A='bar",
    errors: [[2, 5, /never closed/]],
  },
  {
    says: 'E54 text after a closing quote is an error',
    text: 'T_A="bar"baz',
    errors: [[1, 10, /text after the closing quote/]],
  },
  {
    says: 'quotes side by side are an error',
    text: `T_A='a'\\''b'`,
    errors: [[1, 8, /text after the closing quote/]],
  },
  {
    says: 'text after quotes over several lines is an error that names the first line',
    text: "T_A='one\nthis is \\'quoted",
    errors: [[2, 11, /closing quote \(opened in line 1\)/]],
  },
  {
    says: 'a good line does not make up for a bad one',
    text: 'INVALID LINE\nfoo=bar',
    errors: [[1, 1, /There is no =/]],
  },
  {
    says: 'JSON is an error in each of its lines, and the first one says so',
    text: '{\n  "port": 80\n}',
    errors: [
      [1, 1, /looks like JSON/],
      [2, 3, /There is no =/],
      [3, 1, /There is no =/],
    ],
  },
  {
    says: 'an exported name without a value is an error',
    text: 'export T_A',
    errors: [[1, 8, /There is no =/]],
  },
  { says: 'a value without a name is an error', text: ' =x', errors: [[1, 2, /no name before the =/]] },
  { says: 'a NUL byte is an error in its column', text: 'T_A=a\0b', errors: [[1, 6, /NUL byte/]] },
]

acceptsRows(accepted)

for (const { says, text, errors } of refused) {
  test(says, () => {
    const dotenv = read(text + LAST)
    assertNotes(dotenv.errors, errors)
    assert.equal(dotenv.vars.size, 0)
  })
}

test('no message shows a value, because it may be a secret', () => {
  const secret = 'hunter2'
  const lines = [
    `A='x'${secret}`,
    `B-C=${secret}`,
    `D: ${secret}`,
    `E=${secret}#${secret}`,
    `F=\`${secret}\``,
    `F="${secret}`,
  ]
  for (const text of lines) {
    const { errors, warnings } = read(text)
    assert.ok(errors.length + warnings.length > 0, text)
    for (const note of [...errors, ...warnings]) assert.doesNotMatch(describeNote('.env', note), /hunter2/)
  }
})
