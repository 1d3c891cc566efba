import assert from 'node:assert/strict'
import test from 'node:test'
import { compareNames, dynoName, ONE_OFF, parseDynoName } from '../../src/core/name.ts'

test('a one-off is named run and its number', () => {
  assert.equal(dynoName(ONE_OFF, 7), 'run.7')
})

const NAMES: readonly (readonly [text: string, name: ReturnType<typeof parseDynoName>])[] = [
  ['web.1', { type: 'web', number: 1 }],
  ['my-worker_2.30', { type: 'my-worker_2', number: 30 }],
  [`${'x'.repeat(128)}.1`, { type: 'x'.repeat(128), number: 1 }],
  [`${'x'.repeat(129)}.1`, undefined],
  ['web', undefined],
  ['web.', undefined],
  ['.1', undefined],
  ['web.0', undefined],
  ['web.01', undefined],
  ['web.-1', undefined],
  ['web.1.2', undefined],
  ['web.1\n', undefined],
  ['../x.1', undefined],
  ['web.1234567890', undefined],
  ['', undefined],
]

for (const [text, name] of NAMES) {
  test(`${JSON.stringify(text.slice(-20))} ${name ? 'is' : 'is not'} the name of a dyno`, () => {
    assert.deepEqual(parseDynoName(text), name)
  })
}

test('names are ordered by type and number, and what is no name by its letters', () => {
  const ordered = ['api', 'run.2', 'run.10', 'web.1', 'worker.1']
  assert.deepEqual(ordered.toReversed().sort(compareNames), ordered)
  assert.equal(compareNames('web.1', 'web.1'), 0)
  assert.equal(compareNames('x', 'x'), 0)
})
