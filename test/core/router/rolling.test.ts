import assert from 'node:assert/strict'
import test from 'node:test'
import { ROUTER_PATIENCE } from '../../../src/core/router/router.ts'
import {
  drained,
  exited,
  type Happening,
  killedBy,
  listening,
  play,
  restart,
  scale,
  spawned,
  start,
  states,
} from '../history.ts'

const router = { ...ROUTER_PATIENCE, port: 5000, host: null, tls: false }
const routed = { router, patience: { drain: 30_000 } }

/** Web dynos of these lives are up. */
const up = (...lives: number[]): Happening[] =>
  lives.flatMap((life): Happening[] => [
    [1, spawned(life)],
    [2, listening(life)],
  ])
const TWO: readonly Happening[] = [[0, start({ web: 2 }, routed)], ...up(1, 2)]

test('where requests are routed to, a new life is up before the next dyno is asked to go', () => {
  const asked = play([...TWO, [10, restart('web.1', 'web.2')]])
  assert.deepEqual(states(asked), ['web.1 draining', 'web.2 up'])
  const gone = play(
    [
      [11, drained(1)],
      [12, killedBy(15, 1)],
    ],
    asked.manifold,
  )
  assert.deepEqual(states(gone), ['web.2 up', 'web.1 starting'])
  const next = play(up(3), gone.manifold)
  assert.deepEqual(states(next), ['web.2 draining', 'web.1 up'])
  const last = play([[20, drained(2)], [21, killedBy(15, 2)], ...up(4)], next.manifold)
  assert.deepEqual(states(last), ['web.1 up', 'web.2 up'])
  assert.deepEqual(
    last.manifold.dynos.map(({ life }) => life),
    [3, 4],
  )
})

test('a dyno that crashes in its new life is not waited for', () => {
  const crashed = play([
    ...TWO,
    ...([
      [10, restart('web.1', 'web.2')],
      [11, drained(1)],
      [12, killedBy(15, 1)],
    ] as Happening[]),
    ...([
      [13, exited(1, 3)],
      [14, exited(1, 4)],
    ] as Happening[]),
  ])
  assert.deepEqual(states(crashed), ['web.2 draining', 'web.1 crashed'])
})

test('a single web dyno restarts at once, and so do dynos that nobody routes to', () => {
  const one = play([[0, start({ web: 1 }, routed)], ...up(1), [10, restart('web.1')]])
  assert.deepEqual(states(one), ['web.1 draining'])
  const alone = play([[0, start({ web: 2 })], ...up(1, 2), [10, restart('web.1', 'web.2')]])
  assert.deepEqual(states(alone), ['web.1 stopping', 'web.2 stopping'])
  const workers = play([
    [0, start({ worker: 2 }, routed)],
    [1, spawned(1)],
    [1, spawned(2)],
    [10, restart('worker.1', 'worker.2')],
  ])
  assert.deepEqual(states(workers), ['worker.1 stopping', 'worker.2 stopping'])
})

test('a new release is rolled out as a restart is', () => {
  const order = start({ web: 2 }, { ...routed, version: 2 })
  assert.deepEqual(states(play([...TWO, [10, order]])), ['web.1 draining', 'web.2 up'])
})

test('a scale-down drains, and when all are let go nobody is waited for', () => {
  const fewer = play([...TWO, [10, scale({ web: 1 })]])
  assert.deepEqual(states(fewer), ['web.1 up', 'web.2 draining'])
  assert.ok(fewer.done.includes('drain 2'))
  assert.ok(!fewer.done.includes('signal 2 TERM'))
  const none = play([[11, { order: 'let go' }]], fewer.manifold)
  assert.deepEqual(states(none), ['web.1 stopping', 'web.2 stopping'])
})
