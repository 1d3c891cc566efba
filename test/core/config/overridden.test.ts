import assert from 'node:assert/strict'
import test from 'node:test'
import { overriddenText } from '../../../src/core/config/overridden.ts'

const FILE = { A: '1', B: '2', C: '3' }
const rows: readonly [says: string, settings: Record<string, string | null>, text: string | undefined][] = [
  ['where nobody has set anything, nothing is said', {}, undefined],
  [
    'what was set to the same value, or is not in the file, is used as well',
    { A: '1', D: '4', E: null },
    undefined,
  ],
  [
    'what was set otherwise is named',
    { A: 'other' },
    "A of .env is not used: config:set has set it; 'dyno config:unset A --file' undoes that.",
  ],
  [
    'what was removed is named',
    { B: null },
    "B of .env is not used: config:unset has removed it; 'dyno config:unset B --file' undoes that.",
  ],
  [
    'several are in one line, in the order of the file',
    { C: '', A: 'other' },
    "A, C of .env are not used: config:set has set them; 'dyno config:unset A C --file' undoes that.",
  ],
  [
    'so are those that were set and those that were removed',
    { A: null, B: 'other' },
    "A, B of .env are not used: config:set and config:unset have changed them; 'dyno config:unset A B --file' undoes that.",
  ],
]

for (const [says, settings, text] of rows) {
  test(says, () => assert.equal(overriddenText(FILE, settings, ['.env']), text))
}

test('files that were named are told by their names', () => {
  assert.match(overriddenText(FILE, { A: '' }, ['.env', 'b.env'])!, /^A of \.env, b\.env is not used: /)
})
