import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDotenv } from '../../../src/core/config/config.ts'
import { assertFound, type ExpectedFinding } from './finding-rows.ts'

// Lines of .env files that eight loaders were given in November 2026, and what is found in them.

const $ = (inside: string) => `\u0024{${inside}}`
const KEY = '-----BEGIN KEY-----\nabc+/=\n-----END KEY-----'

const CASES: readonly (readonly [says: string, text: string, found: readonly ExpectedFinding[]])[] = [
  ['E02 nothing in an empty value', 'T_A=', []],
  ['E03 a line without =', 'T_A', [[1, 'error no-equals']]],
  ['E05 blanks before a name', '   T_A=bar', [[1, 'note blank-around-value']]],
  ['E06 blanks behind a value', 'T_A=bar   ', [[1, 'note blank-around-value']]],
  ['E08 nothing in double quotes', 'T_A="hello world"', []],
  ['E09 nothing in single quotes', "T_A='hello world'", []],
  ['E11 nothing in a comment', '# T_A=bad', []],
  ['E12 nothing in a comment behind blanks', '   # T_A=bad', []],
  ['E14 a # without a blank before it', 'T_A=bar#note', [[1, 'warning hash-in-value']]],
  ['E15 nothing in a # in quotes', 'T_A="bar#note"', []],
  ['E17 \\n in double quotes', 'T_A="a\\nb"', [[1, 'note escape-in-value']]],
  ['E18 nothing in \\n in single quotes', "T_A='a\\nb'", []],
  ['E20 \\t in double quotes', 'T_A="a\\tb"', [[1, 'note escape-in-value']]],
  ['E21 double quotes in double quotes', 'T_A="say \\"hi\\""', [[1, 'note escape-in-value']]],
  ['E23 a back-slash in double quotes', 'T_A="C:\\\\dir"', [[1, 'note escape-in-value']]],
  ['E24 nothing in a back-slash without quotes', 'T_A=C:\\dir', []],
  ['E26 a value of two lines', "T_A='line1\nline2'", [[1, 'warning multi-line-value']]],
  ['E27 a $NAME without braces', 'T_B=base\nT_A=$T_B/x', [[2, 'note dollar-in-value']]],
  ['E29 a reference in double quotes', `T_B=base\nT_A="${$('T_B')}/x"`, [[2, 'note reference-in-value']]],
  ['E30 nothing in a reference in single quotes', `T_B=base\nT_A='${$('T_B')}/x'`, []],
  ['E32 a reference with a default', `T_A=${$('T_NOPE:-dflt')}`, [[1, 'note reference-in-value']]],
  [
    'E33 a command in a value, which a shell would also split',
    'T_A=$(echo pwned)',
    [
      [1, 'note command-in-value'],
      [1, 'note shell-splits-value'],
    ],
  ],
  ['E35 nothing in = at the end', 'T_A=YWJj==', []],
  ['E36 that a shell splits at &', 'T_A=postgres://u:p@h/db?a=b&c=d', [[1, 'note shell-splits-value']]],
  ['E38 the same name twice', 'T_A=1\nT_A=2', [[2, 'warning duplicate-variable']]],
  ['E39 CRLF', 'T_A=bar\r\nT_B=baz\r', [[1, 'note carriage-returns']]],
  ['E41 a - in a name', 'T_A-B=bar', [[1, 'warning bad-variable-name']]],
  ['E42 a dot in a name', 'T_A.B=bar', [[1, 'warning bad-variable-name']]],
  ['E44 nothing in small letters', 't_a=bar', []],
  ['E45 a colon in place of =', 'T_A: bar', [[1, 'warning yaml-line']]],
  ['E47 a quote that is not closed', "T_A='bar", [[1, 'error unclosed-value']]],
  ['E48 an apostrophe in a value', "T_A=it's", [[1, 'note quote-in-value']]],
  [
    'E50 quotes and blanks of JSON without quotes around it',
    'T_A={"a": "b"}',
    [
      [1, 'note quote-in-value'],
      [1, 'note shell-splits-value'],
    ],
  ],
  ['E51 nothing in JSON in single quotes', 'T_A=\'{"a": "b"}\'', []],
  ['E53 a letter that is not of ASCII in a name', 'é=1', [[1, 'warning bad-variable-name']]],
  ['E54 text behind the closing quote', 'T_A="bar"baz', [[1, 'error text-after-quote']]],
  ['E56 nothing in blanks in quotes', 'T_A="  "', []],
  ['E57 a value that begins with #', 'T_A=#abc', [[1, 'warning hash-in-value']]],
  ['E59 nothing in two $', 'T_A=a$$b', []],
  ['E60 that a shell splits at ;', 'T_A=a;b', [[1, 'note shell-splits-value']]],
  ['E62 a key of several lines', `T_A="${KEY}"`, [[1, 'warning multi-line-value']]],
  ['E63 a $NAME at the end of a list of folders', 'T_A=/x:$HOME', [[1, 'note dollar-in-value']]],
  [
    'E65 a back-slash at the end, and that the next line is a line of its own',
    'T_A=a\\\nb',
    [
      [1, 'note escape-in-value'],
      [2, 'error no-equals'],
    ],
  ],
]

for (const [says, text, found] of CASES) {
  test(`dyno check finds ${says}`, () => assertFound('dotenv', `${text}\nT_ZZ=end`, found))
}

test('of a .env with errors dyno sets nothing, and of every other one its last line too', () => {
  for (const [says, text, found] of CASES) {
    const { vars, errors } = parseDotenv(`${text}\nT_ZZ=end`, () => undefined)
    const isWrong = found.some(([, rule]) => rule.startsWith('error'))
    assert.equal(errors.length > 0, isWrong, says)
    assert.equal(vars.get('T_ZZ'), isWrong ? undefined : 'end', says)
  }
})
