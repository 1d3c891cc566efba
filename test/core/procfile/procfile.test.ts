import assert from 'node:assert/strict'
import test from 'node:test'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'
import { assertNotes, type ExpectedNote } from '../expected-notes.ts'

type Types = Readonly<Record<string, string>>

const RAN = 'echo RAN; sleep 0.7'

const accepted: readonly { says: string; text: string; types: Types; warnings?: readonly ExpectedNote[] }[] =
  [
    { says: 'P01 a plain line is a process type', text: `web: ${RAN}\n`, types: { web: RAN } },
    {
      says: 'P02 a command may follow the colon at once, with a warning about classic Heroku',
      text: `web:${RAN}\n`,
      types: { web: RAN },
      warnings: [[1, 5, /blank after the colon: classic Heroku wants one/]],
    },
    {
      says: 'a command with colons may follow the colon at once too',
      text: 'web:http://x:1/y\n',
      types: { web: 'http://x:1/y' },
      warnings: [[1, 5, /blank after the colon/]],
    },
    {
      says: 'warnings of every kind come in the order of the file',
      text: 'a_b: x\nb:y\nc_d: z\n',
      types: { a_b: 'x', b: 'y', c_d: 'z' },
      warnings: [
        [1, 1, /Fir/],
        [2, 3, /blank after the colon/],
        [3, 1, /Fir/],
      ],
    },
    { says: 'P04 many blanks after the colon are dropped', text: `web:     ${RAN}\n`, types: { web: RAN } },
    { says: 'a tab after the colon is dropped', text: `web:\t${RAN}\n`, types: { web: RAN } },
    {
      says: 'P07 a tab before the name is skipped with a warning',
      text: `\tweb: ${RAN}\n`,
      types: { web: RAN },
      warnings: [[1, 1, /Delete the blanks before `web`/]],
    },
    {
      says: 'blanks before the name are skipped with a warning',
      text: '# note\n\n   web: echo foo: bar   \n',
      types: { web: 'echo foo: bar   ' },
      warnings: [[3, 1, /Delete the blanks before `web`/]],
    },
    {
      says: 'P08 CRLF ends a line and leaves nothing in the command',
      text: `web: ${RAN}\r\nworker: echo RAN2\r\n`,
      types: { web: RAN, worker: 'echo RAN2' },
    },
    {
      says: 'P10 comments and empty lines are skipped',
      text: `# c: echo BAD\n\nweb: ${RAN}\n \t\n# web2: echo BAD\n`,
      types: { web: RAN },
    },
    { says: 'P11 a comment may be indented', text: `   # note\nweb: ${RAN}\n`, types: { web: RAN } },
    {
      says: 'P13 a name with # before it is a comment',
      text: `#web: echo BAD\nok: ${RAN}\n`,
      types: { ok: RAN },
    },
    {
      says: 'P14 a # within a line is left for the shell',
      text: 'web: echo RAN # tail; sleep 0.7\n',
      types: { web: 'echo RAN # tail; sleep 0.7' },
    },
    {
      says: 'P16 an underscore stays in the name, with a warning that Fir makes it a dash',
      text: `my_web: ${RAN}\n`,
      types: { my_web: RAN },
      warnings: [[1, 1, /Fir makes it `my-web`/]],
    },
    { says: 'P17 a name may be all digits', text: `123: ${RAN}\n`, types: { '123': RAN } },
    {
      says: 'P19 a name may begin with an underscore, with a warning that Fir refuses it',
      text: `_web: ${RAN}\n`,
      types: { _web: RAN },
      warnings: [[1, 1, /Fir refuses it/]],
    },
    {
      says: 'P23 upper case stays in the name, with a warning that Fir makes it lower case',
      text: `WEB: ${RAN}\n`,
      types: { WEB: RAN },
      warnings: [[1, 1, /Fir makes it `web`/]],
    },
    {
      says: 'P31 an empty file has no types and a warning',
      text: '',
      types: {},
      warnings: [[1, 1, /no process type in this file/]],
    },
    {
      says: 'P32 a file of comments has no types and a warning',
      text: '# a\n# b\n',
      types: {},
      warnings: [[1, 1, /no process type in this file/]],
    },
    {
      says: 'P35 blanks at the end stay in the command',
      text: `web: ${RAN}   \n`,
      types: { web: `${RAN}   ` },
    },
    {
      says: 'P50 a byte-order mark is dropped, with a warning that Heroku loses the line',
      text: `\uFEFFweb: ${RAN}\nok: echo OK\n`,
      types: { web: RAN, ok: 'echo OK' },
      warnings: [[1, 1, /byte-order mark/]],
    },
    {
      says: 'P52 a carriage return alone ends no line, and is a warning',
      text: 'web: echo RAN\rok: echo OK\r',
      types: { web: 'echo RAN\rok: echo OK' },
      warnings: [[1, 14, /carriage return/]],
    },
    {
      says: 'P58 release is a type like any other here, in the order of the file',
      text: 'release: echo REL\nweb: echo RAN\n',
      types: { release: 'echo REL', web: 'echo RAN' },
    },
    {
      says: 'of two lines with one name the last wins, with a warning',
      text: 'web: one\nworker: two\nweb: three\n',
      types: { web: 'three', worker: 'two' },
      warnings: [[3, 1, /`web` is also in line 1\. This line wins/]],
    },
    {
      says: 'my-web and my_web are two types, with a warning that they are one on Fir',
      text: 'my-web: x\nmy_web: y\n',
      types: { 'my-web': 'x', my_web: 'y' },
      warnings: [
        [2, 1, /Fir makes it `my-web`/],
        [2, 1, /`my-web` in line 1 and `my_web` are one name/],
      ],
    },
    {
      says: 'a repeated name is found past a name that is only alike',
      text: 'a-b: 1\nA-b: 2\na-b: 3\n',
      types: { 'a-b': '3', 'A-b': '2' },
      warnings: [
        [2, 1, /Fir makes it `a-b`/],
        [2, 1, /are one name/],
        [3, 1, /`a-b` is also in line 1/],
      ],
    },
    {
      says: 'a name may have 63 characters without a warning',
      text: `${'a'.repeat(63)}: x\n`,
      types: { ['a'.repeat(63)]: 'x' },
    },
    {
      says: 'a name may have 128 characters, with a warning that Fir takes 63',
      text: `${'a'.repeat(128)}: x\n`,
      types: { ['a'.repeat(128)]: 'x' },
      warnings: [[1, 1, /Fir refuses it: it wants 63 characters/]],
    },
    { says: 'T26 ps is a name like any other', text: 'ps: x\n', types: { ps: 'x' } },
    { says: 'a name of an object is only a name', text: 'constructor: x\n', types: { constructor: 'x' } },
    {
      says: 'a file may end without a line end',
      text: 'web: a\nworker: b -',
      types: { web: 'a', worker: 'b -' },
    },
    {
      says: 'aligned columns of other runners are read',
      text: 'ticker:  ruby ./ticker $PORT\nspawner: ./spawner\n',
      types: { ticker: 'ruby ./ticker $PORT', spawner: './spawner' },
    },
  ]

// What a shell understands is the shell's: the text after `web: ` comes out as it went in.
const untouched: readonly (readonly [id: string, what: string, command: string])[] = [
  ['P34', 'colons', 'echo http://x:1/y; sleep 0.7'],
  ['P37', 'a pipe', 'echo abc | tr a-z A-Z; sleep 0.7'],
  ['P38', '&&', 'echo A && echo B; sleep 0.7'],
  ['P40', 'an exec of its own', 'exec sh -c "echo RAN; sleep 0.7"'],
  ['P41', 'single quotes', "echo 'lit $PORT'; sleep 0.7"],
  ['P43', 'a variable in braces', 'echo $' + '{PORT}; sleep 0.7'],
  ['P44', 'a default', 'echo $' + '{NOPE:-dflt}; sleep 0.7'],
  ['P46', 'back-quotes', 'echo `echo sub`; sleep 0.7'],
  ['P47', 'a redirection', 'echo err 1>&2; sleep 0.7'],
  ['P49', 'a variable that begins with PORT', 'echo [$PORTX]; sleep 0.7'],
  ['P55', 'cd', 'cd / && pwd; sleep 0.7'],
  ['P56', 'a job in the background', 'sleep 0.3 & echo bg; wait'],
  ['P61', 'names of the dyno', 'echo PS=$PS D=$DYNO; sleep 0.7'],
  ['P64', 'a glob', 'echo Proc*; sleep 0.7'],
  ['P65', 'a tilde', 'echo ~; sleep 0.7'],
  ['dokku java', 'a class path', 'java -cp target/classes:target/dependency/* Hello'],
  ['herokuish', 'back-slashes', 'target\\bin\\start.bat -Dhttp.port=80'],
  ['heroku CNB', 'quotes within quotes', `echo 'a "web" process' && echo "\\"PORT\\" is '$PORT'"`],
  ['a Latin letter', 'an é', 'echo café ☕'],
]

for (const { says, text, types, warnings = [] } of accepted) {
  test(says, () => {
    const procfile = parseProcfile(text)
    assertNotes(procfile.errors, [])
    assert.deepEqual([...procfile.types], orderedEntries(types, text))
    assertNotes(procfile.warnings, warnings)
  })
}

// An object puts names of digits first; the file's own order is what counts.
function orderedEntries(types: Types, text: string): [string, string][] {
  return Object.entries(types).sort(([a], [b]) => text.indexOf(`${a}:`) - text.indexOf(`${b}:`))
}

for (const [id, what, command] of untouched) {
  test(`${id} ${what} in a command reach the shell as written`, () => {
    const procfile = parseProcfile(`web: ${command}\nok: echo OK\n`)
    assert.deepEqual(
      [...procfile.types],
      [
        ['web', command],
        ['ok', 'echo OK'],
      ],
    )
    assert.deepEqual([procfile.warnings, procfile.errors], [[], []])
  })
}

test('types keep the order of the file', () => {
  const { types } = parseProcfile('zeta: 1\nalpha: 2\n10: 3\n9: 4\n')
  assert.deepEqual([...types.keys()], ['zeta', 'alpha', '10', '9'])
})
