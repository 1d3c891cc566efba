import assert from 'node:assert/strict'
import test from 'node:test'
import type { OneOffState as State } from '../../src/core/dyno.ts'
import type { Event } from '../../src/core/event.ts'
import { emptyManifold } from '../../src/core/manifold.ts'
import { PATIENCE, type Patience } from '../../src/core/patience.ts'
import * as history from './history.ts'

const { attached, close, due, exited, failed, hungUp, killAll, killedBy, play, run, spawned, stop } = history

const STARTED = 'heroku[run.1]: Starting process with command `node worker.js 42`'
const UP = 'heroku[run.1]: State changed from starting to up'
const COMPLETE = 'heroku[run.1]: State changed from up to complete'
const NEVER_UP = 'heroku[run.1]: State changed from starting to complete'
const HUP = 'heroku[run.1]: Client connection closed. Sending SIGHUP to all processes'
const TERM = 'heroku[run.1]: Stopping all processes with SIGTERM'
const R12 =
  'heroku[run.1]: Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM'
const R16 =
  'heroku[run.1]: Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.'
const KILL = 'heroku[run.1]: Stopping remaining processes with SIGKILL'
const ended = (status: number) => `heroku[run.1]: Process exited with status ${status}`

const detached = run({ attached: false })
const STUBBORN: readonly history.Happening[] = [
  [0, detached],
  [1, spawned()],
  [2, stop()],
  [30_002, due()],
]
const UNTIL: Readonly<Record<State['is'], readonly history.Happening[]>> = {
  awaiting: [[0, run()]],
  starting: STUBBORN.slice(0, 1),
  up: STUBBORN.slice(0, 2),
  'hanging up': [...STUBBORN.slice(0, 2), [2, hungUp()]],
  stopping: STUBBORN.slice(0, 3),
  killed: STUBBORN,
}

type Row = { is: State['is']; on: Event; at?: number; becomes?: string; does: string[] }

const LIVING = ['starting', 'up', 'hanging up', 'stopping'] as const
// What a state does not know of it ignores: such rows are made below.
const TABLE: readonly Row[] = [
  { is: 'awaiting', on: attached(), becomes: 'starting', does: [STARTED, 'spawn 1 run.1 run.1'] },
  { is: 'awaiting', on: hungUp(), becomes: 'over', does: [ended(143), NEVER_UP, 'finish 1 143'] },
  { is: 'awaiting', on: stop(), becomes: 'over', does: [ended(143), NEVER_UP, 'finish 1 143'] },
  { is: 'awaiting', on: close, becomes: 'over', does: [ended(143), NEVER_UP, 'finish 1 143'] },
  { is: 'awaiting', on: killAll, becomes: 'over', does: [ended(137), NEVER_UP, 'finish 1 137'] },
  { is: 'starting', on: spawned(), becomes: 'up', does: [UP] },
  { is: 'starting', on: hungUp(), becomes: 'hanging up', does: [HUP, 'signal 1 HUP', 'wake 1 at 5010'] },
  ...(['starting', 'up', 'hanging up'] as const).flatMap((is) =>
    [stop(), close].map(
      (on): Row => ({ is, on, becomes: 'stopping', does: [TERM, 'signal 1 TERM', 'wake 1 at 30010'] }),
    ),
  ),
  { is: 'starting', on: exited(1), becomes: 'over', does: [ended(1), NEVER_UP, 'finish 1 1'] },
  { is: 'up', on: hungUp(), becomes: 'hanging up', does: [HUP, 'signal 1 HUP', 'wake 1 at 5010'] },
  { is: 'up', on: exited(), becomes: 'over', does: [ended(0), COMPLETE, 'finish 1 0'] },
  { is: 'hanging up', on: due(), at: 5002, does: [HUP, 'signal 1 HUP', 'wake 1 at 10002'] },
  { is: 'hanging up', on: exited(), becomes: 'over', does: [ended(0), COMPLETE, 'finish 1 0'] },
  { is: 'stopping', on: due(), at: 30_002, becomes: 'killed', does: [R12, KILL, 'signal 1 KILL'] },
  { is: 'stopping', on: exited(), becomes: 'over', does: [ended(0), COMPLETE, 'finish 1 0'] },
  ...LIVING.map((is): Row => ({ is, on: killAll, becomes: 'killed', does: [KILL, 'signal 1 KILL'] })),
  { is: 'killed', on: killedBy(9), becomes: 'over', does: [ended(137), COMPLETE, 'finish 1 137'] },
]
const EVENTS: readonly Event[] = [attached(), hungUp(), spawned(), due(), stop(), close, killAll]
const nameOf = (event: Event) => ('fact' in event ? event.fact : event.order)
const ignored = Object.keys(UNTIL).flatMap((is) =>
  EVENTS.filter((on) => !TABLE.some((row) => row.is === is && !row.at && nameOf(row.on) === nameOf(on))).map(
    (on): Row => ({ is: is as Row['is'], on, does: [] }),
  ),
)

for (const { is, on, at, becomes, does } of [...TABLE, ...ignored]) {
  const when = at ? ` at ${at} ms` : ''
  const then = becomes ?? (does.length > 0 ? `${is} again` : `${is}, and nothing is done`)
  test(`a one-off that is ${is} and hears '${nameOf(on)}'${when} is then ${then}`, () => {
    const before = play(UNTIL[is])
    assert.deepEqual(history.states(before), [`run.1 ${is}`])
    const after = play([[at ?? 10, on]], before.manifold)
    assert.deepEqual(after.done, does)
    assert.deepEqual(history.states(after), becomes === 'over' ? [] : [`run.1 ${becomes ?? is}`])
  })
}

const API = 'app[api]: Starting process with command `worker 42` by user ada'

test('an attached one-off logs its six lines in the order of Heroku', () => {
  const outcome = play([
    [0, run()],
    [1, attached()],
    [2, spawned()],
    [3, exited()],
  ])
  const awaiting = 'heroku[run.1]: Awaiting client'
  assert.deepEqual(history.logged(outcome), [API, awaiting, STARTED, UP, ended(0), COMPLETE])
})

test('a detached one-off starts at once and waits for no client', () => {
  const outcome = play([
    [0, detached],
    [2, spawned()],
    [3, exited()],
  ])
  assert.deepEqual(history.logged(outcome), [API, STARTED, UP, ended(0), COMPLETE])
})

test('one-offs are run.1, run.2 …, and no name is given twice', () => {
  const outcome = play([
    [0, detached],
    [1, exited()],
    [2, detached],
    [3, detached],
    [4, exited(0, 2)],
    [5, detached],
  ])
  assert.deepEqual(history.states(outcome), ['run.3 starting', 'run.4 starting'])
  const remembered = outcome.done.filter((line) => line.startsWith('remember'))
  assert.deepEqual(remembered, ['remember 2', 'remember 3', 'remember 4', 'remember 5'])
})

test('numbers go on where an earlier manifold stopped', () => {
  assert.deepEqual(history.states(play([[0, detached]], emptyManifold(8, PATIENCE, ''))), ['run.8 starting'])
})

test('a one-off whose client has not come after 30 seconds is given up with R13', () => {
  const waiting = play([[0, run()]])
  assert.ok(waiting.done.includes('wake 1 at 30000'))
  assert.deepEqual(play([[29_999, due()]], waiting.manifold).done, [])
  const outcome = play([[30_000, due()]], waiting.manifold)
  assert.deepEqual(outcome.done, [
    'heroku[run.1]: Error R13 (Attach error) -> Failed to attach to process',
    'heroku[run.1]: State changed from starting to complete',
    'finish 1 1',
  ])
  assert.deepEqual(history.states(outcome), [])
})

test('a one-off whose client is gone gets SIGHUP three times, then R16 and SIGTERM, then R12 and SIGKILL', () => {
  const up = play([
    [0, run({ terminal: true })],
    [1, attached()],
    [2, spawned()],
  ])
  const outcome = play(
    [
      [100, hungUp()],
      [5100, due()],
      [10_100, due()],
      [15_100, due()],
      [18_100, due()],
      [45_100, due()],
      [45_200, killedBy(9)],
    ],
    up.manifold,
  )
  assert.deepEqual(outcome.done, [
    ...[HUP, 'signal 1 HUP', 'wake 1 at 5100'],
    ...[HUP, 'signal 1 HUP', 'wake 1 at 10100'],
    ...[HUP, 'signal 1 HUP', 'wake 1 at 15100'],
    ...[R16, TERM, 'signal 1 TERM', 'wake 1 at 18100'],
    ...['signal 1 HUP', 'wake 1 at 45100'],
    ...[R12, KILL, 'signal 1 KILL'],
    ...[ended(137), COMPLETE, 'finish 1 137'],
  ])
})

for (const [terminal, hears] of [
  [true, 'SIGHUP after 3 seconds, because a shell ignores SIGTERM,'],
  [false, 'nothing more'],
] as const) {
  test(`a stopped one-off ${terminal ? 'on a terminal' : 'without a terminal'} hears ${hears} until SIGKILL after 30`, () => {
    const up = play([
      [0, run({ attached: false, terminal })],
      [1, spawned()],
    ])
    const dues: history.Happening[] = [3000, 5000, 29_999, 30_000, 40_000].map((at) => [at, due()])
    const { done } = play([[0, stop()], ...dues], up.manifold)
    const nudge = ['wake 1 at 3000', 'signal 1 HUP']
    assert.deepEqual(done, [
      ...[TERM, 'signal 1 TERM', ...(terminal ? nudge : []), 'wake 1 at 30000'],
      ...[R12, KILL, 'signal 1 KILL'],
    ])
  })
}

test('R12 says the seconds that were waited', () => {
  const hasty: Patience = { ...PATIENCE, attach: 1, hangup: 1, hangups: 1, nudge: 1, grace: 2000 }
  const { done } = play([...UNTIL.stopping, [2002, due()]], emptyManifold(1, hasty, ''))
  assert.ok(done.some((line) => line.endsWith('failed to exit within 2 seconds of SIGTERM')))
})

for (const event of [attached(), hungUp(), spawned(), due(), exited(), stop('run.1')]) {
  test(`'${nameOf(event)}' of a life that is over changes nothing for the next`, () => {
    const next = play([
      [0, detached],
      [1, exited()],
      [2, detached],
    ])
    const outcome = play([[99_999, event]], next.manifold)
    assert.equal(outcome.manifold, next.manifold)
    assert.deepEqual(outcome.done, [])
  })
}

test('a dyno that could not be started says why, and its end is its client’s to see', () => {
  const outcome = play([[0, detached]])
  const { done } = play([[1, failed('There is no room.')]], outcome.manifold)
  assert.deepEqual(done, ['heroku[run.1]: There is no room.', NEVER_UP, 'finish 1 1'])
})

test('a one-off that ends badly is complete, never crashed and never started again', () => {
  for (const end of [exited(1), exited(255), killedBy(11)]) {
    const outcome = play([...UNTIL.up, [5, end]])
    assert.equal(history.logged(outcome).at(-1), COMPLETE)
    assert.deepEqual(history.states(outcome), [])
    assert.equal(outcome.done.filter((line) => line.startsWith('spawn')).length, 1)
  }
})

test('close ends every dyno, each from where it is', () => {
  const outcome = play([
    [0, detached],
    [1, spawned()],
    [2, run()],
    [3, detached],
    [4, close],
  ])
  assert.deepEqual(history.states(outcome), ['run.1 stopping', 'run.3 stopping'])
  const last = outcome.done.filter((line) => /^(signal|finish)/.test(line))
  assert.deepEqual(last, ['signal 1 TERM', 'finish 2 143', 'signal 3 TERM'])
})

test('an age counts from when the word for the state changed, not from every step within it', () => {
  const since = (happenings: readonly history.Happening[]) => play(happenings).manifold.dynos[0]!.since
  assert.equal(since([...UNTIL.awaiting, [7, attached()]]), 0)
  assert.equal(since([...UNTIL.starting, [7, spawned()]]), 7)
  assert.equal(since([...UNTIL['hanging up'], [5002, due()], [6000, stop()]]), 2)
})
