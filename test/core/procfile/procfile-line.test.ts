import assert from 'node:assert/strict'
import test from 'node:test'
import { describeNote } from '../../../src/core/note.ts'
import { parseProcfile } from '../../../src/core/procfile/procfile.ts'
import { assertNotes, type ExpectedNote } from '../expected-notes.ts'

const RAN = 'echo RAN; sleep 0.7'

const refused: readonly { says: string; text: string; errors: readonly ExpectedNote[] }[] = [
  {
    says: 'P05 a blank before the colon is an error at the blank',
    text: `web : ${RAN}\n`,
    errors: [[1, 4, /Delete the blank before the colon/]],
  },
  {
    says: 'P20 a dotted name is an error that points to ps:scale',
    text: `web.1: ${RAN}\n`,
    errors: [[1, 4, /names one dyno\. Write `web:`/]],
  },
  {
    says: 'P22 a colon in a name is an error',
    text: `db:seed: ${RAN}\n`,
    errors: [[1, 3, /cannot hold a colon/]],
  },
  {
    says: 'P25 a plus in a name is an error, and the good line beside it does not run',
    text: '+foo: echo RAN\nok: echo OK\n',
    errors: [[1, 1, /`\+` cannot be in a name/]],
  },
  {
    says: 'P26 a letter beyond a to z in a name is an error at that letter',
    text: 'café: echo RAN\nok: echo OK\n',
    errors: [[1, 4, /`é` cannot be in a name/]],
  },
  {
    says: 'P28 a line that is none of these is an error, and nothing of the file runs',
    text: 'web: echo RAN\nthis is not valid\nworker: echo RAN2\n',
    errors: [[2, 5, /no colon after a name/]],
  },
  {
    says: 'P29 a name without a command is an error',
    text: 'web: echo RAN\nempty:\n',
    errors: [[2, 7, /no command/]],
  },
  {
    says: 'a command of blanks is no command',
    text: 'web: \t \n',
    errors: [[1, 5, /no command after `web:`/]],
  },
  { says: 'P53 a YAML marker is an error', text: '---\nweb: echo RAN\n', errors: [[1, 4, /no colon/]] },
  {
    says: 'P59 merge conflict markers are errors',
    text: '<<<<<<< HEAD\nweb: echo A\n=======\nworker: echo B\n>>>>>>> x\n',
    errors: [
      [1, 1, /merge conflict marker/],
      [3, 1, /merge conflict marker/],
      [5, 1, /merge conflict marker/],
    ],
  },
  {
    says: 'a merge conflict with a common ancestor is seen too, and one with text glued on',
    text: '||||||| base\n========0\n>>>>>>> 5bb7=0\nweb: x\n',
    errors: [
      [1, 1, /merge conflict marker/],
      [2, 1, /merge conflict marker/],
      [3, 1, /merge conflict marker/],
    ],
  },
  {
    says: 'P62 a NUL byte is an error in its column',
    text: 'web: echo A\0B\n',
    errors: [[1, 12, /NUL byte/]],
  },
  { says: 'a NUL byte in a comment is an error', text: '# \0\nweb: x\n', errors: [[1, 3, /NUL byte/]] },
  {
    says: 'T26 run is refused as a name because run.N names one-offs',
    text: 'web: x\nrun: touch a\n',
    errors: [[2, 1, /`run` is taken: `run\.1` is the name of a one-off/]],
  },
  {
    says: 'a name with several colons is an error at the first',
    text: 'db:seed:all: x\n',
    errors: [[1, 3, /cannot hold a colon/]],
  },
  {
    says: 'a blank of another kind is no command either',
    text: 'web: \u00A0\n',
    errors: [[1, 5, /no command after/]],
  },
  {
    says: 'a colon later in the line does not make its first word a name',
    text: 'python manage.py test: x\n',
    errors: [[1, 7, /no colon after a name/]],
  },
  {
    says: 'errors of every kind come in the order of the file',
    text: 'bad line\nweb: \0\nanother bad line\n',
    errors: [
      [1, 4, /no colon/],
      [2, 6, /NUL byte/],
      [3, 8, /no colon/],
    ],
  },
  {
    says: 'a name of 129 characters is an error',
    text: `${'a'.repeat(129)}: x\n`,
    errors: [[1, 1, /129 characters/]],
  },
  {
    says: 'a line without a name is an error',
    text: ': rails -s\n',
    errors: [[1, 1, /no name before the colon/]],
  },
  { says: 'nonsense is an error', text: '&&&&&', errors: [[1, 1, /no colon/]] },
  {
    says: 'lines without colons, as old runners took them, are errors after the name',
    text: 'ticker ./ticker $PORT\nerror  ./error',
    errors: [
      [1, 7, /Write `name: command`/],
      [2, 6, /Write `name: command`/],
    ],
  },
  {
    says: 'a comment with slashes is an error that says how to write one',
    text: '// ignore this\n// see http://x\nweb: x\n',
    errors: [
      [1, 1, /begin the line with # if it is a comment/],
      [2, 1, /`\/` cannot be in a name.*begin the line with #/],
    ],
  },
  {
    says: 'garbage between good lines is reported line by line, in order',
    text: 'release: a\n.listen(process.env.PORT || 5000)\nweb: b\npython manage.py --settings=main\nworker: c',
    errors: [
      [2, 1, /no colon/],
      [4, 7, /no colon/],
    ],
  },
]

for (const { says, text, errors } of refused) {
  test(says, () => {
    const procfile = parseProcfile(text)
    assertNotes(procfile.errors, errors)
    assert.deepEqual([...procfile.types], [])
  })
}

test('a note is shown as file, line, column and message', () => {
  const note = parseProcfile('web: x\nthis is not valid\n').errors[0]!
  assert.match(describeNote('Procfile', note), /^Procfile:2:5: There is no colon after a name\./)
})

test('a note shows no control character of the file to the terminal', () => {
  const note = parseProcfile('web\u001b[2J: x\n').errors[0]!
  assert.match(describeNote('Procfile', note), /^[^\p{Cc}]+$/u)
})

test('columns count characters, not bytes or halves of them', () => {
  assert.deepEqual(
    parseProcfile('# ☕\nweb: 🍵🍵\0\n').errors.map(({ line, column }) => [line, column]),
    [[2, 8]],
  )
})
