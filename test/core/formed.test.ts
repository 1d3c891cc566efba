import assert from 'node:assert/strict'
import test from 'node:test'
import * as history from './history.ts'
import {
  close,
  due,
  exited,
  killedBy,
  letGo,
  listening,
  play,
  restart,
  run,
  scale,
  spawned,
  start,
  stop,
} from './history.ts'

const SCALED = 'app[api]: Scaled to'
const by = 'by user ada'

test('a formation begins in the order of the Procfile, and its log names all of it', () => {
  const outcome = play([[0, start({ worker: 1, web: 2 })]])
  assert.deepEqual(history.logged(outcome), [
    `${SCALED} web@2:Basic worker@1:Basic clock@0:Basic ${by}`,
    'heroku[web.1]: Starting process with command `node web.js 5000`',
    'heroku[web.2]: Starting process with command `node web.js 5001`',
    'heroku[worker.1]: Starting process with command `node worker.js`',
  ])
  assert.deepEqual(history.states(outcome), ['web.1 starting', 'web.2 starting', 'worker.1 starting'])
})

test('every dyno is told its own name and port, and a type keeps its ports when others do not run', () => {
  const { manifold } = play([[0, start({ worker: 2 })]])
  const told = manifold.dynos.map(({ launch: { environment } }) => [environment['DYNO'], environment['PORT']])
  assert.deepEqual(told, [
    ['worker.1', '5100'],
    ['worker.2', '5101'],
  ])
})

const UP = play([
  [0, start({ web: 3, worker: 1 })],
  ...[1, 2, 3, 4].map((life): history.Happening => [life, spawned(life)]),
  ...[1, 2, 3].map((life): history.Happening => [10 + life, listening(life)]),
])

test('scaling down stops the highest numbers first, and touches nothing else', () => {
  const outcome = play([[100, scale({ web: 1, worker: 1 })]], UP.manifold)
  const down = (name: string, life: number) => [
    `heroku[${name}]: State changed from up to down`,
    `heroku[${name}]: Stopping all processes with SIGTERM`,
    `signal ${life} TERM`,
    `wake ${life} at 30100`,
  ]
  assert.deepEqual(outcome.done, [
    `${SCALED} web@1:Basic worker@1:Basic clock@0:Basic ${by}`,
    ...down('web.3', 3),
    ...down('web.2', 2),
  ])
  assert.deepEqual(history.states(outcome), ['web.1 up', 'web.2 stopping', 'web.3 stopping', 'worker.1 up'])
  const gone = play([[200, killedBy(15, 3)]], outcome.manifold)
  assert.deepEqual(gone.done, ['heroku[web.3]: Process exited with status 143', 'finish 3 143'])
})

test('a dyno that is wanted again while it stops comes back as a new life', () => {
  const outcome = play(
    [
      [100, scale({ web: 1, worker: 1 })],
      [110, scale({ web: 3, worker: 1 })],
      [120, exited(0, 3)],
    ],
    UP.manifold,
  )
  assert.equal(outcome.done.at(-1), 'spawn 5 web.3 web.3')
  assert.deepEqual(history.states(outcome), ['web.1 up', 'web.2 stopping', 'worker.1 up', 'web.3 starting'])
})

test('a crashed dyno that is scaled away goes down at once', () => {
  const crashed = play([
    [0, start({ worker: 1 })],
    [1, exited(1)],
    [2, exited(1, 2)],
  ])
  const outcome = play([[3, scale({})]], crashed.manifold)
  assert.deepEqual(outcome.done, [
    `${SCALED} web@0:Basic worker@0:Basic clock@0:Basic ${by}`,
    'heroku[worker.1]: State changed from crashed to down',
  ])
  assert.deepEqual(history.states(outcome), [])
  assert.deepEqual(play([[10_002, due(2)]], outcome.manifold).done, [])
})

test('a restart of all touches no one-off, and a stopped one-off no dyno of the formation', () => {
  const beside = play(
    [
      [50, run({ attached: false })],
      [51, spawned(5)],
    ],
    UP.manifold,
  )
  const restarted = play([[60, restart('web.1', 'web.2', 'web.3', 'worker.1')]], beside.manifold)
  assert.ok(history.states(restarted).includes('run.1 up'))
  const stopped = play([[60, stop('run.1')]], beside.manifold)
  assert.deepEqual(
    history.states(stopped).filter((state) => !state.endsWith(' up')),
    ['run.1 stopping'],
  )
})

test('a formation that is let go stops every dyno, and is dissolved with the last of them', () => {
  const leaving = play([[100, letGo]], UP.manifold)
  assert.deepEqual(
    leaving.done.filter((line) => line.startsWith('signal')),
    [4, 3, 2, 1].map((life) => `signal ${life} TERM`),
  )
  const almost = play(
    [1, 2, 3].map((life): history.Happening => [200, killedBy(15, life)]),
    leaving.manifold,
  )
  assert.ok(almost.manifold.formed)
  const outcome = play([[201, killedBy(15, 4)]], almost.manifold)
  assert.equal(outcome.done.at(-1), 'dissolve with null')
  assert.equal(outcome.manifold.formed, null)
})

test('a formation without any dyno is dissolved when it is let go', () => {
  const { manifold } = play([[0, start({})]])
  assert.deepEqual(play([[1, letGo]], manifold).done, ['dissolve with null'])
})

test('the status of a formation is that of the first dyno that failed, not of those that were stopped', () => {
  const outcome = play(
    [
      [100, exited(0, 4)],
      [200, exited(7, 1)],
      [300, exited(3, 2)],
      [400, letGo],
      ...[3, 5, 6, 7].map((life): history.Happening => [500, killedBy(15, life)]),
    ],
    UP.manifold,
  )
  assert.equal(outcome.done.at(-1), 'dissolve with 7')
})

for (const status of [0, 3]) {
  test(`with exitOnCrash a dyno that ends with ${status} ends the formation with ${status}`, () => {
    const { manifold } = play([
      [0, start({ web: 1, worker: 1 }, { exitOnCrash: true })],
      [1, spawned(1)],
      [2, spawned(2)],
    ])
    const outcome = play(
      [
        [3, exited(status, 2)],
        [4, killedBy(15, 1)],
      ],
      manifold,
    )
    assert.ok(!outcome.done.some((line) => line.startsWith('spawn')))
    assert.equal(outcome.done.at(-1), `dissolve with ${status}`)
  })
}

test('a new release gives every dyno a new life, a crashed one at once', () => {
  const { manifold } = play(
    [
      [100, exited(1, 4)],
      [101, exited(1, 5)],
    ],
    UP.manifold,
  )
  assert.ok(history.states({ manifold, done: [] }).includes('worker.1 crashed'))
  const outcome = play([[200, start({ web: 3, worker: 1 }, { version: 2 })]], manifold)
  assert.deepEqual(history.states(outcome).sort(), [
    'web.1 stopping',
    'web.2 stopping',
    'web.3 stopping',
    'worker.1 starting',
  ])
  const next = play([[300, killedBy(15, 1)]], outcome.manifold)
  const web = next.manifold.dynos.find(({ name }) => name === 'web.1')!
  assert.equal(web.kind === 'formation' && web.version, 2)
})

test('close ends the formation and every one-off', () => {
  const beside = play(
    [
      [50, run({ attached: false })],
      [51, spawned(5)],
    ],
    UP.manifold,
  )
  const outcome = play([[60, close]], beside.manifold)
  assert.ok(history.states(outcome).every((state) => state.endsWith(' stopping')))
})
