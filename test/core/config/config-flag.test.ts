import assert from 'node:assert/strict'
import test from 'node:test'
import { parseEnvFlag } from '../../../src/core/config/config.ts'

type Vars = Readonly<Record<string, string>>

const flags: readonly { says: string; flag: string; vars: Vars; warnings?: readonly string[] }[] = [
  { says: 'a flag holds one variable', flag: 'A=1', vars: { A: '1' } },
  {
    says: 'a semicolon parts variables, and a value may hold blanks',
    flag: 'A=1;B=x y',
    vars: { A: '1', B: 'x y' },
  },
  {
    says: 'blanks around a name and before a value are dropped',
    flag: ' A = 1; B = 2',
    vars: { A: '1', B: '2' },
  },
  { says: 'a value may be empty or hold a =', flag: 'A=;B=x=y', vars: { A: '', B: 'x=y' } },
  {
    says: 'a name that no shell can hold is a warning',
    flag: 'a.b-c=1;A=1',
    vars: { A: '1' },
    warnings: ["env flag a.b-c=1 appears invalid. Avoid using ';' in values."],
  },
  { says: 'quotes and $ in a flag stay', flag: 'A="1";B=$A', vars: { A: '"1"', B: '$A' } },
  { says: 'the last of two values wins', flag: 'A=1;A=2', vars: { A: '2' } },
  {
    says: 'a part that is no assignment is a warning, and the rest counts',
    flag: 'bad;A=1',
    vars: { A: '1' },
    warnings: ["env flag bad appears invalid. Avoid using ';' in values."],
  },
  {
    says: 'a value cannot hold a semicolon',
    flag: 'A=x; y',
    vars: { A: 'x' },
    warnings: ["env flag  y appears invalid. Avoid using ';' in values."],
  },
]

for (const { says, flag, vars, warnings = [] } of flags) {
  test(says, () => {
    assert.deepEqual(parseEnvFlag(flag), { vars: new Map(Object.entries(vars)), warnings })
  })
}
