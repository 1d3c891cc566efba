import assert from 'node:assert/strict'
import test from 'node:test'
import { $, type AcceptedRow, acceptsRows, read } from '../accepted-rows.ts'

const accepted: readonly AcceptedRow[] = [
  { says: 'E02 an empty value is set and empty', text: 'T_A=', vars: { T_A: '' } },
  { says: 'E05 blanks before a name are skipped', text: '   T_A=bar', vars: { T_A: 'bar' } },
  { says: 'E06 blanks after a value are dropped', text: 'T_A=bar   ', vars: { T_A: 'bar' } },
  { says: 'E08 double quotes are taken off', text: 'T_A="hello world"', vars: { T_A: 'hello world' } },
  { says: 'E09 single quotes are taken off', text: "T_A='hello world'", vars: { T_A: 'hello world' } },
  { says: 'E11 a comment sets nothing', text: '# T_A=bad', vars: {} },
  { says: 'E12 an indented comment sets nothing', text: '   # T_A=bad', vars: {} },
  {
    says: 'E14 a # without a blank before it is part of the value, with a warning',
    text: 'T_A=bar#note',
    vars: { T_A: 'bar#note' },
    warnings: [[1, 8, /`heroku local` cuts the value here/]],
  },
  { says: 'E15 a # within quotes is part of the value', text: 'T_A="bar#note"', vars: { T_A: 'bar#note' } },
  { says: 'E17 \\n within double quotes is a new line', text: 'T_A="a\\nb"', vars: { T_A: 'a\nb' } },
  { says: 'E18 \\n within single quotes is two characters', text: "T_A='a\\nb'", vars: { T_A: 'a\\nb' } },
  { says: 'E20 \\t within double quotes is a tab', text: 'T_A="a\\tb"', vars: { T_A: 'a\tb' } },
  { says: 'E21 \\" within double quotes is a quote', text: 'T_A="say \\"hi\\""', vars: { T_A: 'say "hi"' } },
  {
    says: 'E23 \\\\ within double quotes is a back-slash',
    text: 'T_A="C:\\\\dir"',
    vars: { T_A: 'C:\\dir' },
  },
  { says: 'E24 a back-slash without quotes stays', text: 'T_A=C:\\dir', vars: { T_A: 'C:\\dir' } },
  { says: 'E26 single quotes may hold lines', text: "T_A='line1\nline2'", vars: { T_A: 'line1\nline2' } },
  {
    says: 'E27 a $ without braces stays, so that passwords survive',
    text: 'T_B=base\nT_A=$T_B/x',
    vars: { T_B: 'base', T_A: '$T_B/x' },
  },
  {
    says: 'E29 a name in braces within double quotes is expanded',
    text: `T_B=base\nT_A="${$('T_B')}/x"`,
    vars: { T_B: 'base', T_A: 'base/x' },
  },
  {
    says: 'E30 a name in braces within single quotes stays',
    text: `T_B=base\nT_A='${$('T_B')}/x'`,
    vars: { T_B: 'base', T_A: `${$('T_B')}/x` },
  },
  {
    says: 'E32 a default stands in for a name that is not set',
    text: `T_A=${$('T_NOPE:-dflt')}`,
    vars: { T_A: 'dflt' },
  },
  { says: 'E33 a command is never run', text: 'T_A=$(echo pwned)', vars: { T_A: '$(echo pwned)' } },
  { says: 'E35 only the first = ends the name', text: 'T_A=YWJj==', vars: { T_A: 'YWJj==' } },
  {
    says: 'E36 an address with ? and & stays',
    text: 'T_A=postgres://u:p@h/db?a=b&c=d',
    vars: { T_A: 'postgres://u:p@h/db?a=b&c=d' },
  },
  {
    says: 'E38 of two lines with one name the last wins, with a warning',
    text: 'T_A=1\nT_A=2',
    vars: { T_A: '2' },
    warnings: [[2, 1, /`T_A` is also set in line 1\. This line wins/]],
  },
  { says: 'E39 CRLF ends a line', text: 'T_A=bar\r\nT_B=baz\r', vars: { T_A: 'bar', T_B: 'baz' } },
  {
    says: 'E41 a name with a dash is skipped with a warning and the rest is kept',
    text: 'T_A-B=bar',
    vars: {},
    warnings: [[1, 1, /`T_A-B` cannot name a variable and is skipped/]],
  },
  {
    says: 'E42 a name with a dot is skipped with a warning',
    text: 'T_A.B=bar',
    vars: {},
    warnings: [[1, 1, /`T_A\.B` cannot name a variable/]],
  },
  { says: 'E44 a name may be in lower case', text: 't_a=bar', vars: { t_a: 'bar' } },
  {
    says: 'E45 a YAML line is skipped with a warning',
    text: 'T_A: bar',
    vars: {},
    warnings: [[1, 4, /Did you mean `T_A=`\?/]],
  },
  { says: 'E48 an apostrophe within a value is part of it', text: "T_A=it's", vars: { T_A: "it's" } },
  { says: 'E50 JSON stays', text: 'T_A={"a": "b"}', vars: { T_A: '{"a": "b"}' } },
  { says: 'E51 JSON in single quotes stays', text: `T_A='{"a": "b"}'`, vars: { T_A: '{"a": "b"}' } },
  {
    says: 'E53 a name beyond a to z is skipped with a warning',
    text: 'é=1',
    vars: {},
    warnings: [[1, 1, /`é` cannot name a variable/]],
  },
  { says: 'E56 blanks within quotes stay', text: 'T_A="  "', vars: { T_A: '  ' } },
  {
    says: 'E57 a # right after the = begins a value, with a warning',
    text: 'T_A=#abc',
    vars: { T_A: '#abc' },
    warnings: [[1, 5, /`heroku local` cuts/]],
  },
  { says: 'E59 $$ stays', text: 'T_A=a$$b', vars: { T_A: 'a$$b' } },
  { says: 'E60 a semicolon is part of the value', text: 'T_A=a;b', vars: { T_A: 'a;b' } },
  {
    says: 'E62 a private key within double quotes keeps its lines',
    text: 'T_A="-----BEGIN KEY-----\nabc+/=\n-----END KEY-----"',
    vars: { T_A: '-----BEGIN KEY-----\nabc+/=\n-----END KEY-----' },
  },
  { says: 'E63 $HOME without braces stays', text: 'T_A=/x:$HOME', vars: { T_A: '/x:$HOME' } },
  {
    says: 'E63 HOME in braces is looked up in the shell',
    text: `T_A=/x:${$('HOME')}`,
    vars: { T_A: '/x:/home/ada' },
  },
  {
    says: 'E65 a back-slash at the end of a line joins nothing',
    text: 'T_A=a\\\nb=1',
    vars: { T_A: 'a\\', b: '1' },
  },
]

acceptsRows(accepted)

test('an empty file sets nothing and is no trouble', () => {
  assert.deepEqual(read(''), { vars: new Map(), warnings: [], errors: [] })
})
