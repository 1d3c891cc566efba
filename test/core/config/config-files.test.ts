import assert from 'node:assert/strict'
import test from 'node:test'
import { envDialect } from '../../../src/core/config/config.ts'
import { configFileNames, parseConfigFiles } from '../../../src/core/config/config-files.ts'
import { Problem } from '../../../src/core/problem.ts'

type Vars = Readonly<Record<string, string>>
const SHELL: Vars = { HOME: '/home/ada', T_B: 'from the shell' }
const shell = (name: string) => SHELL[name]

// `$` and a brace, apart, so that no linter takes them for a template.
const $ = (inside: string) => `\u0024{${inside}}`

const named = (texts: readonly string[]) => texts.map((text, i) => ({ name: `${i + 1}.env`, text }))

const rows: readonly { says: string; texts: readonly string[]; vars: Vars; warnings?: readonly string[] }[] =
  [
    { says: 'without files there are no config vars', texts: [], vars: {} },
    { says: 'a later file wins', texts: ['A=1\nB=1', 'A=2'], vars: { A: '2', B: '1' } },
    { says: 'a later file may empty a value', texts: ['A=1', 'A='], vars: { A: '' } },
    {
      says: 'a name in braces is looked up in earlier files before the shell',
      texts: [`T_B=first`, `A=${$('T_B')}/${$('HOME')}`],
      vars: { T_B: 'first', A: 'first//home/ada' },
    },
    {
      says: 'a file knows nothing of later ones',
      texts: [`A=${$('T_B')}`, 'T_B=second'],
      vars: { A: 'from the shell', T_B: 'second' },
    },
    {
      says: 'a file’s own line above wins over earlier files',
      texts: ['B=first', `B=second\nA=${$('B')}`],
      vars: { B: 'second', A: 'second' },
    },
    {
      says: 'a warning names its file, line and column',
      texts: ['A=1', 'B=1\nC-D=2'],
      vars: { A: '1', B: '1' },
      warnings: [
        '2.env:2:1: `C-D` cannot name a variable and is skipped. Use letters, digits and _, and no digit at the beginning.',
      ],
    },
    {
      says: 'what only other readers cut is not told, and what is read otherwise than it is written is',
      texts: ['A=redis://db/#one\nB="1"# two\nC=`ls`\nA=2'],
      vars: { A: '2', B: '1', C: '`ls`' },
      warnings: [
        '1.env:2:6: Put a blank before this #: it begins a comment here, a shell would add it to the value.',
        '1.env:3:3: Back-quotes stay in the value: they quote nothing and run nothing. Use " or \' instead.',
        '1.env:4:1: `A` is also set in line 1. This line wins: delete one of them.',
      ],
    },
  ]

for (const { says, texts, vars, warnings = [] } of rows) {
  test(says, () => {
    assert.deepEqual(parseConfigFiles(named(texts), shell), { vars: new Map(Object.entries(vars)), warnings })
  })
}

const PORT_SENTENCE = '`PORT` is the base of all ports. Write a number from 1 to 65535, or delete the line.'
const refused: readonly (readonly [says: string, texts: readonly string[], sentence: string])[] = [
  [
    'a mistake names its file, line and column',
    ['A=1', '# x\nnonsense'],
    '2.env:2:1: There is no = in this line. Write NAME=value, or begin the line with # if it is a comment.',
  ],
  ['R15 a PORT that is no number is a mistake', ['A=1\nPORT=abc'], `1.env:2:6: ${PORT_SENTENCE}`],
  ['R15 a PORT above 65535 is a mistake', ['export PORT=65536'], `1.env:1:13: ${PORT_SENTENCE}`],
  ['R15 a PORT of 0 is a mistake', ['PORT="0"'], `1.env:1:6: ${PORT_SENTENCE}`],
  [
    'R15 a PORT of another name’s is a mistake where it is set',
    ['A=x', `PORT=${$('A')}`],
    `2.env:1:6: ${PORT_SENTENCE}`,
  ],
  [
    'R15 a wrong PORT is a mistake though a later file would win',
    ['PORT=x', 'PORT=1'],
    `1.env:1:6: ${PORT_SENTENCE}`,
  ],
]

for (const [says, texts, sentence] of refused) {
  test(says, () => {
    assert.throws(
      () => parseConfigFiles(named(texts), shell),
      (error) => error instanceof Problem && error.code === 'config' && error.message === sentence,
    )
  })
}

for (const value of ['1', '3000', '65535', "'80' # web", '', $('NOPE:-3000')]) {
  test(`R15 PORT=${value} is fine`, () => {
    assert.equal(parseConfigFiles([{ name: '.env', text: `PORT=${value}` }], shell).vars.size, 1)
  })
}

test('commas part the names of files', () => {
  assert.deepEqual(configFileNames('.env,config/test env,'), ['.env', 'config/test env'])
  for (const flag of ['', ',']) assert.throws(() => configFileNames(flag), /Name the files/)
})

// The other dialect: what a shell would make of a file, but for what it would run.
const shellRows: readonly (readonly [says: string, text: string, value: string])[] = [
  ['E27 a name without braces is expanded', 'T_X=base\nT_A=$T_X/x', 'base/x'],
  ['E63 $HOME is looked up in the shell', 'T_A=/x:$HOME', '/x:/home/ada'],
  ['a name within double quotes is expanded', 'T_A="$HOME/x"', '/home/ada/x'],
  ['a name within single quotes stays', "T_A='$HOME/x'", '$HOME/x'],
  ['\\$ within double quotes keeps a name from being expanded', 'T_A="\\$HOME"', '$HOME'],
  ['a name ends before what no name can hold', 'T_A=$HOME-$HOME.x', '/home/ada-/home/ada.x'],
  ['names in braces are expanded as ever', `T_A=${$('T_B')}`, 'from the shell'],
  ['a default may be a name without braces', `T_A=${$('T_NOPE:-$HOME')}`, '/home/ada'],
  ['E59 $$ stays', 'T_A=a$$b', 'a$$b'],
  ['digits and a lone $ stay', 'T_A=$1$', '$1$'],
  ['E33 a command is never run', 'T_A=$(echo pwned)', '$(echo pwned)'],
  ['a value is not expanded again', "T_X='$HOME'\nT_A=$T_X", '$HOME'],
]

for (const [says, text, value] of shellRows) {
  test(`in the dialect of the shell, ${says}`, () => {
    const { vars, warnings } = parseConfigFiles([{ name: '.env', text }], shell, 'shell')
    assert.equal(vars.get('T_A'), value)
    assert.deepEqual(warnings, [])
  })
}

test('in the dialect of the shell, a name that is not set becomes empty, with a warning', () => {
  const { vars, warnings } = parseConfigFiles([{ name: '.env', text: 'T_A=a$T_NOPE' }], shell, 'shell')
  assert.equal(vars.get('T_A'), 'a')
  assert.match(warnings[0]!, /^\.env:1:5: `T_NOPE` is not set and becomes empty/)
})

test('there are two dialects', () => {
  assert.deepEqual(['dotenv', 'shell'].map(envDialect), ['dotenv', 'shell'])
  assert.throws(() => envDialect('bash'), /^Problem: There is no dialect 'bash' of \.env files/)
})
