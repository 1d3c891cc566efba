import assert from 'node:assert/strict'
import test from 'node:test'
import { PROCFILE_READERS, type ProcfileReading } from '../../../src/core/check/procfile-readers.ts'

// What foreman 0.90, overmind 2.5 and heroku 11.10 were seen to do with these Procfiles in November 2026, and what
// Heroku's two grammars say. A reading is its types; `refused` runs nothing of the file, `nothing` finds no types in it.

type Made = Readonly<Record<string, string>> | 'refused' | 'nothing'
type Readers = { foreman: Made; overmind: Made; local: Made; classic: Made; fir: Made }
type Row = readonly [says: string, text: string, all: Made, but?: Partial<Readers>]

const RAN = 'echo RAN; sleep 0.7'
const WEB = { web: RAN }
const CR = `${RAN}\rok: echo OK`
const $ = (inside: string) => `\u0024{${inside}}`
// Of a command it is the shell that makes something: to a reader it is text.
const COMMANDS = [
  'echo RAN # tail; sleep 0.7',
  'echo http://x:1/y; sleep 0.7',
  `${RAN}   `,
  'echo abc | tr a-z A-Z; sleep 0.7',
  'echo A && echo B; sleep 0.7',
  'exec sh -c "echo RAN; sleep 0.7"',
  "echo 'lit $PORT'; sleep 0.7", // P41: foreman put 5000 in its place, but when it ran the command
  `echo ${$('PORT')}; sleep 0.7`,
  `echo ${$('NOPE:-dflt')}; sleep 0.7`,
  'echo `echo sub`; sleep 0.7',
  'echo err 1>&2; sleep 0.7',
  'echo [$PORTX]; sleep 0.7', // P49: as P41
  'cd / && pwd; sleep 0.7',
  'sleep 0.3 & echo bg; wait',
  'echo PS=$PS FW=$FOREMAN_WORKER_NAME D=$DYNO; sleep 0.7',
  'echo A\0B; sleep 0.7', // P62: foreman and heroku local crashed when they ran it, and overmind lost the byte
  'echo Proc*; sleep 0.7',
  'echo ~; sleep 0.7', // P65: seen as $HOME, by which the measuring replaced the name of the folder
]

const ROWS: readonly Row[] = [
  ['P01 a plain line', `web: ${RAN}\n`, WEB],
  ['P02 no blank after the colon', `web:${RAN}\n`, WEB, { overmind: 'nothing', classic: 'nothing' }],
  ['P04 many blanks after the colon', `web:     ${RAN}\n`, WEB],
  [
    'P05 a blank before the colon',
    `web : ${RAN}\n`,
    'nothing',
    { local: 'refused', classic: { web: `: ${RAN}` }, fir: 'refused' },
  ],
  ['P07 a tab before the name', `\tweb: ${RAN}\n`, 'nothing', { local: 'refused', classic: WEB, fir: WEB }],
  ['P08 CRLF', `web: ${RAN}\r\nworker: echo 2\r\n`, { web: RAN, worker: 'echo 2' }],
  ['P10 comments and empty lines', `# c: echo BAD\n\nweb: ${RAN}\n\n# web2: echo BAD\n`, WEB],
  ['P11 a comment behind blanks', `   # note\nweb: ${RAN}\n`, WEB, { local: 'refused' }],
  ['P13 a # right before a name', `#web: echo BAD\nok: ${RAN}\n`, { ok: RAN }],
  ['P16 an underscore in a name', `my_web: ${RAN}\n`, { my_web: RAN }, { fir: { 'my-web': RAN } }],
  ['P17 a name of digits', `123: ${RAN}\n`, { 123: RAN }],
  ['P19 an underscore at the beginning', `_web: ${RAN}\n`, { _web: RAN }, { fir: 'refused' }],
  ['P20 the name of one dyno', `web.1: ${RAN}\n`, 'nothing', { local: 'refused', fir: 'refused' }],
  [
    'P22 a colon in a name',
    `db:seed: ${RAN}\n`,
    { db: `seed: ${RAN}` },
    { overmind: 'nothing', classic: 'nothing' },
  ],
  ['P23 large letters', `WEB: ${RAN}\n`, { WEB: RAN }, { fir: WEB }],
  [
    'P25 a plus in a name',
    `+foo: ${RAN}\nok: echo OK\n`,
    { ok: 'echo OK' },
    { local: 'refused', fir: 'refused' },
  ],
  [
    'P26 a letter that is not of ASCII',
    `café: ${RAN}\nok: echo OK\n`,
    { ok: 'echo OK' },
    { local: 'refused', fir: 'refused' },
  ],
  [
    'P28 a line of garbage',
    `web: ${RAN}\nthis is not valid\nworker: echo 2\n`,
    { web: RAN, worker: 'echo 2' },
    { local: 'refused', classic: { web: RAN, this: 'is not valid', worker: 'echo 2' }, fir: 'refused' },
  ],
  ['P29 a name without a command', `web: ${RAN}\nempty:\n`, WEB, { local: 'refused', fir: 'refused' }],
  ['P31 an empty file', '', 'nothing'],
  ['P32 comments only', '# a\n# b\n', 'nothing'],
  [
    'P50 a byte-order mark',
    `\uFEFFweb: ${RAN}\nok: echo OK\n`,
    { ok: 'echo OK' },
    { local: 'refused', fir: 'refused' },
  ],
  ['P52 a carriage return alone', `web: ${CR}\r`, { web: CR }, { local: WEB }],
  ['P53 the mark that begins YAML', `---\nweb: ${RAN}\n`, WEB, { local: 'refused', fir: 'refused' }],
  // heroku local ran web only: it reads release, and leaves it out when it starts all.
  ['P58 a release type', `release: echo REL\nweb: ${RAN}\n`, { release: 'echo REL', web: RAN }],
  [
    'P59 a merge conflict',
    '<<<<<<< HEAD\nweb: echo A\n=======\nworker: echo B\n>>>>>>> x\n',
    { web: 'echo A', worker: 'echo B' },
    { local: 'refused', fir: 'refused' },
  ],
  ['a name with a dash', `my-web: ${RAN}\n`, { 'my-web': RAN }, { local: 'refused' }],
]

const NAMES: Readonly<Record<keyof Readers, string>> = {
  foreman: 'foreman',
  overmind: 'overmind',
  local: 'heroku local',
  classic: 'classic Heroku',
  fir: 'Heroku Fir',
}

function made({ types, refused }: ProcfileReading): Made {
  if (refused !== undefined) return 'refused'
  const found = [...types.values()].map(({ name, command }) => [name, command] as const)
  return found.length === 0 ? 'nothing' : Object.fromEntries(found)
}

const read = (reader: string, text: string) => PROCFILE_READERS.get(reader)!(text)

for (const [says, text, all, but = {}] of ROWS) {
  test(`the models of other readers make of ${says} what those made of it`, () => {
    for (const [key, reader] of Object.entries(NAMES)) {
      assert.deepEqual(made(read(reader, text)), but[key as keyof Readers] ?? all, reader)
    }
  })
}

test('to every reader a command is text up to the end of its line, whatever the shell makes of it', () => {
  for (const command of COMMANDS) {
    for (const reader of Object.values(NAMES)) {
      assert.deepEqual(made(read(reader, `web: ${command}\n`)), { web: command }, `${reader}: ${command}`)
    }
  }
})

test('heroku local names the line at which it stops, and drops other files in silence', () => {
  const why = (text: string) => read('heroku local', text).refused
  assert.equal(why('a: b\n\nthis is not valid\n'), 'stops: line 3 parse error')
  assert.match(why('\tweb: x\n')!, /says so nowhere/)
})

test('of two lines with one name Heroku and heroku local run the last, foreman both, overmind none', () => {
  const text = 'web: one\nweb: two\n'
  const winners = [...PROCFILE_READERS].map(([who, reader]) => {
    const { refused, twice } = reader(text)
    return [who, refused ?? twice]
  })
  assert.deepEqual(Object.fromEntries(winners), {
    'classic Heroku': 'last wins',
    'Heroku Fir': 'last wins',
    'heroku local': 'last wins',
    foreman: 'both run',
    overmind: 'refuses the file: names must be unique',
    dyno: 'last wins',
  })
})

test('the types of a reader are told by the lines they are in', () => {
  const { types } = read('foreman', '# c\nweb: one\n\nworker: two\n')
  assert.deepEqual([...types.keys()], [2, 4])
})
