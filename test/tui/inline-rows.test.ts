import assert from 'node:assert/strict'
import test from 'node:test'
import { choiceRows, progressRow, tableRows, waitRows } from '../../src/tui/inline-rows.ts'
import { styleOf } from '../../src/tui/theme.ts'
import { PLAIN } from './seen.ts'

const listed = (name: string, state: string) => ({ name, state, since: 0, command: `bin/${name}` })

test('the table of ps has each state in its colour, and a command that reads like one in none', () => {
  const dynos = [{ ...listed('web.1', 'up'), command: 'echo up for 5s' }, listed('worker.1', 'crashed')]
  assert.deepEqual(tableRows(dynos, 3000, styleOf('dark')), [
    '\u001b[2mProcess   State           Command         \u001b[0m',
    '\u001b[2m--------  --------------  --------------  \u001b[0m',
    'web.1     \u001b[32mup\u001b[0m for 3s       echo up for 5s  ',
    'worker.1  \u001b[31mcrashed\u001b[0m for 3s  bin/worker.1    ',
  ])
})

test('who is waited for is told by name, and how many are there of all', () => {
  const look = { now: 61_000, style: PLAIN }
  const late = [listed('web.10', 'starting'), listed('worker.1', 'down')]
  assert.deepEqual(waitRows('Waiting', { late, count: 3 }, look), [
    'Waiting... 1 / 3',
    '  ◐ web.10    starting for 1m',
    '  ○ worker.1  down for 1m',
  ])
  assert.deepEqual(waitRows('Waiting', { late: [], count: 1 }, look), ['Waiting... 1 / 1, done'])
})

test('a bar is as full as the work is done, and never fuller', () => {
  const row = (done: number, total: number) => progressRow('Packing', done, total, PLAIN)
  assert.equal(row(0, 10e6), `Packing ${'─'.repeat(30)} 0% 0.0 MB`)
  assert.equal(row(5e6, 10e6), `Packing ${'━'.repeat(15)}${'─'.repeat(15)} 50% 5.0 MB`)
  assert.equal(row(12e6, 10e6), `Packing ${'━'.repeat(30)} 100% 12.0 MB`)
  assert.equal(row(0, 0), `Packing ${'─'.repeat(30)} 0% 0.0 MB`)
})

test('a question has its choices below, and the chosen one is marked', () => {
  assert.deepEqual(choiceRows('Which?', { choices: ['a', 'b'], chosen: 1 }, PLAIN), [
    'Which?',
    '  a',
    '› b',
    '↑↓ choose · Enter · Esc',
  ])
})
