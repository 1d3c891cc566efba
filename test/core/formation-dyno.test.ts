import assert from 'node:assert/strict'
import test from 'node:test'
import type { FormationState } from '../../src/core/dyno.ts'
import type { Event } from '../../src/core/event.ts'
import * as history from './history.ts'
import {
  drained,
  due,
  exited,
  failed,
  kill,
  killedBy,
  letGo,
  listening,
  measured,
  play,
  restart,
  spawned,
  start,
  stop,
} from './history.ts'

const of = (name: string) => (message: string) => `heroku[${name}]: ${message}`
const web = of('web.1')
const changed = (from: string, to: string) => web(`State changed from ${from} to ${to}`)
const STARTED = web('Starting process with command `node web.js 5000`')
const RESTARTING = web('Restarting')
const TERM = web('Stopping all processes with SIGTERM')
const KILL = web('Stopping remaining processes with SIGKILL')
const OVER_QUOTA = [web('Process running mem=516M(100.8%)'), web('Error R14 (Memory quota exceeded)')]
const FAR_OVER_QUOTA = [
  web('Process running mem=1053M(205.7%)'),
  web('Error R15 (Memory quota vastly exceeded)'),
  web('Stopping process with SIGKILL'),
  'signal 1 KILL',
]
const R10 = web('Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch')
const R12 = web(
  'Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM',
)
const ended = (status: number) => web(`Process exited with status ${status}`)
const begins = (life: number) => [STARTED, `spawn ${life} web.1 web.1`]

const BOOTED: readonly history.Happening[] = [
  [0, start({ web: 1 })],
  [1, spawned()],
  [2, listening()],
]
const CRASHED: readonly history.Happening[] = [
  ...BOOTED,
  [3, exited(1)],
  [4, spawned(2)],
  [5, listening(2)],
  [6, exited(1, 2)],
]
const UNTIL: Readonly<Record<FormationState['is'], readonly history.Happening[]>> = {
  starting: BOOTED.slice(0, 1),
  booting: BOOTED.slice(0, 2),
  up: BOOTED,
  draining: [
    [0, start({ web: 1 }, { patience: { drain: 30_000 } })],
    ...BOOTED.slice(1),
    [3, restart('web.1')],
  ],
  stopping: [...BOOTED, [3, restart('web.1')]],
  killed: [...BOOTED, [3, restart('web.1')], [30_003, due()]],
  failing: [...BOOTED.slice(0, 2), [60_000, due()]],
  crashed: CRASHED,
}

type Row = { is: FormationState['is']; on: Event; at?: number; becomes: string; does: readonly string[] }

const stopsFrom = (word: string) => [
  RESTARTING,
  ...(word === 'starting' ? [] : [changed(word, 'starting')]),
  ...[TERM, 'signal 1 TERM', 'wake 1 at 30100'],
]
const diesFrom = (word: string, status: number) => [
  ...[ended(status), `finish 1 ${status}`],
  ...[changed(word, 'crashed'), changed('crashed', 'starting'), ...begins(2)],
]
const TABLE: readonly Row[] = [
  { is: 'starting', on: spawned(), becomes: 'booting', does: ['watch port 5000 for 1', 'wake 1 at 60000'] },
  { is: 'starting', on: restart('web.1'), becomes: 'stopping', does: stopsFrom('starting') },
  { is: 'starting', on: exited(1), becomes: 'starting', does: diesFrom('starting', 1) },
  { is: 'booting', on: listening(), becomes: 'up', does: [changed('starting', 'up')] },
  { is: 'booting', on: stop('web.1'), becomes: 'stopping', does: stopsFrom('starting') },
  {
    ...{ is: 'booting', on: due(), at: 60_000, becomes: 'failing' },
    does: [R10, web('Stopping process with SIGKILL'), 'signal 1 KILL'],
  },
  { is: 'booting', on: measured(516), becomes: 'booting', does: OVER_QUOTA },
  { is: 'booting', on: measured(1053), becomes: 'failing', does: FAR_OVER_QUOTA },
  { is: 'booting', on: exited(0), becomes: 'starting', does: diesFrom('starting', 0) },
  { is: 'up', on: restart('web.1'), becomes: 'stopping', does: stopsFrom('up') },
  { is: 'up', on: stop('web.1'), becomes: 'stopping', does: stopsFrom('up') },
  { is: 'up', on: exited(0), becomes: 'starting', does: diesFrom('up', 0) },
  { is: 'up', on: kill, becomes: 'killed', does: [KILL, 'signal 1 KILL'] },
  { is: 'up', on: measured(512), becomes: 'up', does: [] },
  { is: 'up', on: measured(516), becomes: 'up', does: OVER_QUOTA },
  { is: 'up', on: measured(1053), becomes: 'failing', does: FAR_OVER_QUOTA },
  { is: 'draining', on: drained(), becomes: 'stopping', does: [TERM, 'signal 1 TERM', 'wake 1 at 30100'] },
  { is: 'draining', on: due(), at: 29_000, becomes: 'draining', does: [] },
  {
    ...{ is: 'draining', on: due(), at: 30_003, becomes: 'stopping' },
    does: [TERM, 'signal 1 TERM', 'wake 1 at 60003'],
  },
  { is: 'draining', on: restart('web.1'), becomes: 'draining', does: [] },
  { is: 'draining', on: kill, becomes: 'killed', does: [KILL, 'signal 1 KILL'] },
  { is: 'draining', on: letGo, becomes: 'stopping', does: [TERM, 'signal 1 TERM', 'wake 1 at 30100'] },
  {
    ...{ is: 'draining', on: exited(0), becomes: 'starting' },
    does: [ended(0), 'finish 1 0', ...begins(2)],
  },
  { is: 'stopping', on: due(), at: 30_003, becomes: 'killed', does: [R12, KILL, 'signal 1 KILL'] },
  {
    ...{ is: 'stopping', on: killedBy(15), becomes: 'starting' },
    does: [ended(143), 'finish 1 143', ...begins(2)],
  },
  { is: 'stopping', on: kill, becomes: 'killed', does: [KILL, 'signal 1 KILL'] },
  { is: 'stopping', on: restart('web.1'), becomes: 'stopping', does: [] },
  {
    ...{ is: 'killed', on: killedBy(9), becomes: 'starting' },
    does: [ended(137), 'finish 1 137', ...begins(2)],
  },
  { is: 'failing', on: killedBy(9), becomes: 'starting', does: diesFrom('starting', 137) },
  { is: 'failing', on: restart('web.1'), becomes: 'failing', does: [] },
  { is: 'crashed', on: due(2), becomes: 'crashed', does: [] },
  {
    ...{ is: 'crashed', on: due(2), at: 10_006, becomes: 'starting' },
    does: [changed('crashed', 'starting'), ...begins(3)],
  },
  {
    ...{ is: 'crashed', on: restart('web.1'), becomes: 'starting' },
    does: [RESTARTING, changed('crashed', 'starting'), ...begins(3)],
  },
]

const nameOf = (event: Event) => ('fact' in event ? event.fact : event.order)

for (const { is, on, at, becomes, does } of TABLE) {
  const when = at ? ` at ${at} ms` : ''
  const doing = does.length === 0 ? ', and nothing is done' : ''
  test(`a dyno of the formation that is ${is} and hears '${nameOf(on)}'${when} is then ${becomes}${doing}`, () => {
    const before = play(UNTIL[is])
    assert.deepEqual(history.states(before), [`web.1 ${is}`])
    const after = play([[at ?? 100, on]], before.manifold)
    assert.deepEqual(after.done, does)
    assert.deepEqual(history.states(after), [`web.1 ${becomes}`])
  })
}

test('a type that is not web is up as soon as it runs', () => {
  const outcome = play([
    [0, start({ worker: 1 })],
    [1, spawned()],
  ])
  assert.deepEqual(history.logged(outcome).slice(1), [
    'heroku[worker.1]: Starting process with command `node worker.js`',
    'heroku[worker.1]: State changed from starting to up',
  ])
})

test('a formation dyno that could not be started says why and has crashed', () => {
  const { done } = play([
    [0, start({ worker: 1 })],
    [1, failed('There is no room.')],
  ])
  const worker = of('worker.1')
  assert.deepEqual(done.slice(3, 6), [
    worker('There is no room.'),
    'finish 1 1',
    worker('State changed from starting to crashed'),
  ])
})

test('after its first crash a dyno begins at once, then after 10, 20, 40 seconds … and never more than 144 times the first', () => {
  let { manifold } = play([[0, start({ worker: 1 }, { patience: { backoff: 10_000 } })]])
  const waits: number[] = []
  for (let life = 1, now = 0; life <= 12; life++) {
    const outcome = play([[now, exited(1, life)]], manifold)
    const wake = outcome.done.find((line) => line.startsWith('wake'))
    const at = wake ? Number(wake.split(' ').at(-1)) : now
    waits.push((at - now) / 1000)
    manifold = play([[at, due(life)]], outcome.manifold).manifold
    now = at
  }
  assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440])
})

test('a dyno that was up longer than the first wait has not crashed in a row', () => {
  const twice = play([...CRASHED, [10_006, due(2)], [10_007, spawned(3)], [10_008, listening(3)]])
  const { done } = play([[20_009, exited(1, 3)]], twice.manifold)
  assert.deepEqual(done.slice(-2), begins(4))
})

test('a restart makes a dyno’s crashes forgotten', () => {
  const restarted = play([...CRASHED, [7, restart('web.1')]])
  assert.deepEqual(play([[8, exited(1, 3)]], restarted.manifold).done.slice(-2), begins(4))
})

test('a dyno of the formation that is asked to end gets SIGTERM and nothing else for 30 seconds, on a terminal too', () => {
  const up = play([
    [0, start({ worker: 1 }, { terminal: { columns: 80, rows: 24 } })],
    [1, spawned()],
  ])
  const { done } = play(
    [
      [10, letGo],
      [3010, due()],
      [30_010, due()],
    ],
    up.manifold,
  )
  assert.deepEqual(
    done.filter((line) => /^(signal|wake)/.test(line)),
    ['signal 1 TERM', 'wake 1 at 30010', 'signal 1 KILL'],
  )
})

test('a dyno is cycled at its age, where that was asked for, and not otherwise', () => {
  const cycled = play([
    [0, start({ worker: 1 }, { patience: { cycle: 1000 } })],
    [5, spawned()],
  ])
  const wake = Number(/wake 1 at (\d+)/.exec(cycled.done.at(-1)!)![1])
  assert.ok(wake >= 1005 && wake <= 1155)
  const { done } = play(
    [
      [wake, due()],
      [wake + 1, killedBy(15)],
    ],
    cycled.manifold,
  )
  const worker = of('worker.1')
  assert.deepEqual(done.slice(0, 3), [
    worker('Cycling'),
    worker('State changed from up to starting'),
    worker('Stopping all processes with SIGTERM'),
  ])
  assert.equal(done.at(-1), 'spawn 2 worker.1 worker.1')
})
