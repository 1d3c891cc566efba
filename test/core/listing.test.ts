import assert from 'node:assert/strict'
import test from 'node:test'
import { age, type ListedDyno, listingTable } from '../../src/core/listing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = 1_795_474_782_000

test('the listing is the table of 2012, each cell padded, the last one too', () => {
  const dyno = (name: string, hours: number, command: string): ListedDyno => {
    return { name, state: 'up', since: NOW - hours * HOUR, command }
  }
  const dynos = [
    dyno('worker.1', 0.5, 'rake jobs:work'),
    dyno('web.1', 26 / 60, 'bundle exec rails server thin -p $PORT -e $RACK_ENV'),
    dyno('run.19', 22, 'bundle exec rails console'),
  ]
  assert.deepEqual(listingTable(dynos, NOW).split('\n'), [
    'Process   State       Command                               ',
    '--------  ----------  ------------------------------------  ',
    'run.19    up for 22h  bundle exec rails console             ',
    'web.1     up for 26m  bundle exec rails server thin -p $..  ',
    'worker.1  up for 30m  rake jobs:work                        ',
  ])
})

test('dynos are sorted by type and then by number', () => {
  const names = ['web.10', 'web.2', 'run.3', 'clock.1', 'web.1']
  const dynos = names.map((name): ListedDyno => ({ name, state: 'up', since: NOW, command: 'x' }))
  const listed = listingTable(dynos, NOW).split('\n').slice(2)
  assert.deepEqual(
    listed.map((line) => line.split(' ')[0]),
    ['clock.1', 'run.3', 'web.1', 'web.2', 'web.10'],
  )
  assert.deepEqual(
    dynos.map(({ name }) => name),
    names,
  )
})

test('a command is shown on one line, and cut only when it is longer than 36 characters', () => {
  const shown = (command: string) => {
    return listingTable([{ name: 'run.1', state: 'up', since: NOW, command }], NOW)
      .split('\n')[2]!
      .slice(20)
      .trimEnd()
  }
  assert.equal(shown('x'.repeat(36)), 'x'.repeat(36))
  assert.equal(shown('x'.repeat(37)), `${'x'.repeat(34)}..`)
  assert.equal(shown('a\n  b\tc'), 'a b c')
})

test('a command cannot tell the terminal what to do, nor turn the direction its table is read in', () => {
  const command = 'a\x1b[2J\x9b\u2028b\u202Egnp\u202C\u2066c'
  const table = listingTable([{ name: 'web.1', state: 'up', since: NOW, command }], NOW)
  assert.match(table, / {2}a \[2J b gnp c +$/)
  for (const line of table.split('\n'))
    assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u)
})

const AGES: readonly (readonly [milliseconds: number, age: string])[] = [
  [-5, '0s'],
  [0, '0s'],
  [999, '0s'],
  [59_999, '59s'],
  [MINUTE, '1m'],
  [HOUR - 1, '59m'],
  [HOUR, '1h'],
  [22 * HOUR + 59 * MINUTE, '22h'],
  [49 * HOUR, '49h'],
]

for (const [milliseconds, expected] of AGES) {
  test(`${milliseconds} ms are an age of ${expected}`, () => assert.equal(age(milliseconds), expected))
}
