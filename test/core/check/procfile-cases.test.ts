import assert from 'node:assert/strict'
import test from 'node:test'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'
import { assertFound, type ExpectedFinding } from './finding-rows.ts'

// Procfiles that eight local runners were given in November 2026, and what is found in them.

const RAN = 'echo RAN; sleep 0.7'
const CONFLICT = '<<<<<<< HEAD\nweb: echo A\n=======\nworker: echo B\n>>>>>>> x\n'
// `$` and a brace, apart, so that no linter takes them for a template.
const $ = (inside: string) => `\u0024{${inside}}`

const CASES: readonly (readonly [says: string, text: string, found: readonly ExpectedFinding[]])[] = [
  ['P01 nothing in a plain line', `web: ${RAN}\n`, []],
  ['P02 no blank after the colon', `web:${RAN}\n`, [[1, 'warning no-blank-after-colon']]],
  ['P04 nothing in many blanks after the colon', `web:     ${RAN}\n`, []],
  ['P05 a blank before the colon', `web : ${RAN}\n`, [[1, 'error blank-before-colon']]],
  ['P07 a tab before the name', `\tweb: ${RAN}\n`, [[1, 'warning blank-before-name']]],
  ['P08 CRLF once, at the first line', `web: ${RAN}\r\nworker: ${RAN}\r\n`, [[1, 'note carriage-returns']]],
  ['P10 nothing in comments and empty lines', `# c: echo BAD\n\nweb: ${RAN}\n\n# web2: echo BAD\n`, []],
  ['P11 nothing in a comment behind blanks', `   # note\nweb: ${RAN}\n`, []],
  ['P13 nothing in a # right before a name', `#web: echo BAD\nok: ${RAN}\n`, []],
  ['P14 nothing in a comment behind a command', 'web: echo RAN # tail; sleep 0.7\n', []],
  ['P16 an underscore in a name', `my_web: ${RAN}\n`, [[1, 'note name-changed-by-fir']]],
  ['P17 nothing in a name of digits', `123: ${RAN}\n`, []],
  ['P19 an underscore at the beginning', `_web: ${RAN}\n`, [[1, 'warning name-refused-by-fir']]],
  ['P20 the name of one dyno', `web.1: ${RAN}\n`, [[1, 'error instance-name']]],
  ['P22 a colon in a name', `db:seed: ${RAN}\n`, [[1, 'error colon-in-name']]],
  [
    'P23 large letters, and that web was meant',
    `WEB: ${RAN}\n`,
    [
      [1, 'note name-changed-by-fir'],
      [1, 'warning special-name'],
    ],
  ],
  ['P25 a plus in a name', `+foo: ${RAN}\nok: echo OK\n`, [[1, 'error bad-name-character']]],
  ['P26 a letter that is not of ASCII', `café: ${RAN}\nok: echo OK\n`, [[1, 'error bad-name-character']]],
  [
    'P28 a line of garbage between two good ones',
    `web: ${RAN}\nthis is not valid\nworker: ${RAN}\n`,
    [[2, 'error no-colon']],
  ],
  ['P29 a name without a command', `web: ${RAN}\nempty:\n`, [[2, 'error no-command']]],
  ['P31 no process types in an empty file', '', [[1, 'warning no-process-types']]],
  ['P32 no process types in comments', '# a\n# b\n', [[1, 'warning no-process-types']]],
  ['P34 nothing in colons of a command', 'web: echo http://x:1/y; sleep 0.7\n', []],
  ['P35 nothing in blanks at the end', `web: ${RAN}   \n`, []],
  ['P37 nothing in a pipe', 'web: echo abc | tr a-z A-Z; sleep 0.7\n', []],
  ['P38 nothing in a list', 'web: echo A && echo B; sleep 0.7\n', []],
  ['P40 nothing in exec', `web: exec sh -c "${RAN}"\n`, []],
  ['P41 nothing in single quotes', "web: echo 'lit $PORT'; sleep 0.7\n", []],
  ['P43 nothing in braces around a name', `web: echo ${$('PORT')}; sleep 0.7\n`, []],
  ['P44 nothing in a default', `web: echo ${$('NOPE:-dflt')}; sleep 0.7\n`, []],
  ['P46 nothing in back-quotes that are closed', 'web: echo `echo sub`; sleep 0.7\n', []],
  ['P47 nothing in a redirection', 'web: echo err 1>&2; sleep 0.7\n', []],
  ['P49 nothing in a name that begins like PORT', 'web: echo [$PORTX]; sleep 0.7\n', []],
  ['P50 a byte-order mark', `\uFEFFweb: ${RAN}\nok: echo OK\n`, [[1, 'warning byte-order-mark']]],
  ['P52 carriage returns alone', `web: ${RAN}\rok: echo OK\r`, [[1, 'warning lone-carriage-return']]],
  ['P53 the mark that begins YAML', `---\nweb: ${RAN}\n`, [[1, 'error no-colon']]],
  ['P55 nothing in a change of folder', 'web: cd / && pwd; sleep 0.7\n', []],
  ['P56 nothing in a & that is waited for', 'web: sleep 0.3 & echo bg; wait\n', []],
  ['P58 nothing in a release type', `release: echo REL\nweb: ${RAN}\n`, []],
  [
    'P59 each marker of a merge conflict',
    CONFLICT,
    [
      [1, 'error merge-conflict'],
      [3, 'error merge-conflict'],
      [5, 'error merge-conflict'],
    ],
  ],
  ['P61 nothing in variables of other runners', 'web: echo PS=$PS FW=$FOREMAN_WORKER_NAME D=$DYNO\n', []],
  ['P62 a NUL byte', 'web: echo A\0B; sleep 0.7\n', [[1, 'error nul-byte']]],
  ['P64 nothing in a pattern', 'web: echo Proc*; sleep 0.7\n', []],
  ['P65 nothing in a tilde', 'web: echo ~; sleep 0.7\n', []],
]

for (const [says, text, found] of CASES) {
  test(`dyno check finds ${says}`, () => assertFound('procfile', text, found))
}

test('of a Procfile with an error of its lines dyno starts nothing, and of the others all that they declare', () => {
  for (const [says, text, found] of CASES) {
    const { types, errors } = parseProcfile(text)
    const isWrong = found.some(([, rule]) => rule.startsWith('error'))
    assert.equal(errors.length > 0, isWrong, says)
    const isEmpty = isWrong || found.some(([, rule]) => rule.endsWith('no-process-types'))
    assert.equal(types.size === 0, isEmpty, says)
  }
})
