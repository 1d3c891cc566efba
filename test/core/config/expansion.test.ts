import assert from 'node:assert/strict'
import test from 'node:test'
import { $, type AcceptedRow, acceptsRows, read } from '../accepted-rows.ts'

const accepted: readonly AcceptedRow[] = [
  {
    says: '\\$ within double quotes keeps braces from being expanded',
    text: `T_A="\\${$('HOME')}"`,
    vars: { T_A: $('HOME') },
  },
  {
    says: 'an escaped back-slash does not escape the $',
    text: `T_A="\\\\${$('HOME')}"`,
    vars: { T_A: '\\/home/ada' },
  },
  {
    says: 'a name of the file wins over the shell, but only from the line above on',
    text: `T_A=${$('T_B')}\nT_B=base\nT_C=${$('T_B')}`,
    vars: { T_A: 'from the shell', T_B: 'base', T_C: 'base' },
  },
  {
    says: 'a name may be set from its own value outside',
    text: `HOME=${$('HOME')}/x`,
    vars: { HOME: '/home/ada/x' },
  },
  {
    says: 'a name that is not set becomes empty, with one warning',
    text: `T_A=a${$('T_NOPE')}b${$('T_NOPE')}`,
    vars: { T_A: 'ab' },
    warnings: [[1, 5, /`T_NOPE` is not set and becomes empty/]],
  },
  {
    says: 'a default stands in for an empty value, and not for another',
    text: `T_A=${$('T_EMPTY:-x')}${$('HOME:-y')}`,
    vars: { T_A: 'x/home/ada' },
  },
  {
    says: 'a default may hold names, and only the one that is used is missed',
    text: `T_A=${$(`T_NOPE:-<${$('HOME')}>`)}\nT_B=${$(`HOME:-${$('T_NOPE')}`)}`,
    vars: { T_A: '</home/ada>', T_B: '/home/ada' },
  },
  {
    says: 'a value that looks like a name in braces is not expanded again',
    text: `T_A='${$('HOME')}'\nT_B=${$('T_A')}`,
    vars: { T_A: $('HOME'), T_B: $('HOME') },
  },
  {
    says: 'braces of another kind stay, with a warning',
    text: `T_A=${$('HOME%/*')}\nT_B=${$('HOME')}\u0024{HOME:-x`,
    vars: { T_A: $('HOME%/*'), T_B: '/home/ada\u0024{HOME:-x' },
    warnings: [
      [1, 5, /Only \$\{NAME\} and/],
      [2, 5, /Only \$\{NAME\} and/],
    ],
  },
  {
    says: 'back-quotes quote nothing and run nothing, with a warning',
    text: 'T_A=`date`\nT_B="`date`"',
    vars: { T_A: '`date`', T_B: '`date`' },
    warnings: [[1, 5, /Back-quotes stay/]],
  },
]

acceptsRows(accepted)

test('defaults may be nested as deep as anybody likes', () => {
  const deep = 100_000
  const { vars } = read(`A=${'\u0024{X:-'.repeat(deep)}x${'}'.repeat(deep)}`)
  assert.equal(vars.get('A'), 'x')
})
