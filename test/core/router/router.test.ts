import assert from 'node:assert/strict'
import test from 'node:test'
import {
  type Choice,
  chooseDyno,
  ROUTER_PATIENCE,
  routerUrl,
  type Seeker,
  type Verdict,
} from '../../../src/core/router/router.ts'
import {
  exited,
  type Happening,
  letGo,
  listening,
  play,
  restart,
  run,
  scale,
  spawned,
  start,
} from '../history.ts'

const router = { ...ROUTER_PATIENCE, port: 5000, host: null, tls: false, backlog: 2 }

function choice(history: readonly Happening[], parts: Partial<Choice> = {}): Choice {
  const { dynos, formed } = play(history).manifold
  return { dynos, formed, isInMaintenance: false, quarantined: new Map(), waiting: 1, ...parts }
}
const seeker = (parts: Partial<Seeker> = {}): Seeker => ({
  tried: new Set(),
  isNew: true,
  now: 100,
  chance: 0,
  ...parts,
})
const say = (verdict: Verdict): string => {
  if (verdict.is === 'go') return `go ${verdict.dyno.name}`
  return 'code' in verdict ? `${verdict.is} ${verdict.code}` : verdict.is
}

const up = (life: number): Happening[] => [
  [1, spawned(life)],
  [2, listening(life)],
]
const web = (quantity: number): Happening => [
  0,
  start({ web: quantity, worker: 1 }, { router, patience: { drain: 9 } }),
]
const BOTH = [web(2), ...up(1), ...up(2)]
const CRASHED: Happening[] = [web(1), [3, exited(1, 1)], [4, exited(1, 3)]]

const rows: readonly (readonly [says: string, choice: Choice, seeker: Seeker, verdict: string])[] = [
  ['a web dyno that is up gets the request', choice([web(1), ...up(1)]), seeker(), 'go web.1'],
  ['chance decides between two', choice(BOTH), seeker({ chance: 0.49 }), 'go web.1'],
  ['chance decides for the other', choice(BOTH), seeker({ chance: 0.5 }), 'go web.2'],
  ['a chance of 1 is still one of them', choice(BOTH), seeker({ chance: 1 }), 'go web.2'],
  ['nobody gets it who boots yet', choice([web(2), ...up(2)]), seeker(), 'go web.2'],
  ['it waits while the only dyno boots', choice([web(1), [1, spawned(1)]]), seeker(), 'wait H20'],
  [
    'it waits for the new life in a restart',
    choice([web(1), ...up(1), [9, restart('web.1')]]),
    seeker(),
    'wait H20',
  ],
  ['H10 when all have crashed', choice(CRASHED), seeker(), 'refused H10'],
  ['one that drains gets no new request', choice([...BOTH, [9, restart('web.1')]]), seeker(), 'go web.2'],
  ['H14 when none is wanted', choice([web(1), ...up(1), [9, scale({ web: 0 })]]), seeker(), 'refused H14'],
  ['H14 when no formation runs', choice([]), seeker(), 'refused H14'],
  ['H14 when nobody holds the formation any more', choice([...BOTH, [9, letGo]]), seeker(), 'refused H14'],
  [
    'H80 in maintenance mode, whoever is up',
    choice(BOTH, { isInMaintenance: true }),
    seeker(),
    'refused H80',
  ],
  ['H11 when more wait than the backlog of all dynos', choice(BOTH, { waiting: 5 }), seeker(), 'refused H11'],
  ['as many as the backlog may wait', choice(BOTH, { waiting: 4 }), seeker(), 'go web.1'],
  [
    'one that waits already is not turned away',
    choice(BOTH, { waiting: 9 }),
    seeker({ isNew: false }),
    'go web.1',
  ],
  ['a dyno that refused is not asked again', choice(BOTH), seeker({ tried: new Set([1]) }), 'go web.2'],
  ['when each has refused it is over', choice(BOTH), seeker({ tried: new Set([1, 2]) }), 'tried'],
  [
    'it is over for one whose only dyno refused',
    choice([web(1), ...up(1)]),
    seeker({ tried: new Set([1]) }),
    'tried',
  ],
  ['quarantine keeps others away', choice(BOTH, { quarantined: new Map([[1, 101]]) }), seeker(), 'go web.2'],
  [
    'when all are in quarantine it waits',
    choice([web(1), ...up(1)], { quarantined: new Map([[1, 101]]) }),
    seeker(),
    'wait H99',
  ],
  [
    'a quarantine ends',
    choice([web(1), ...up(1)], { quarantined: new Map([[1, 100]]) }),
    seeker(),
    'go web.1',
  ],
]
for (const [says, of, who, verdict] of rows) {
  test(`routing: ${says}`, () => assert.equal(say(chooseDyno(of, who)), verdict))
}

test('H81 when the app has no process types', () => {
  const order = start({}, { router, stack: { slug: 's', processTypes: new Map(), config: {}, caller: {} } })
  assert.equal(say(chooseDyno(choice([[0, order]]), seeker())), 'refused H81')
})

test('at most ten dynos are tried', () => {
  const many = choice([
    [0, start({ web: 12 }, { router })],
    ...Array.from({ length: 12 }, (_, i) => up(i + 1)).flat(),
  ])
  assert.equal(say(chooseDyno(many, seeker({ tried: new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]) }))), 'go web.10')
  assert.equal(say(chooseDyno(many, seeker({ tried: new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) }))), 'tried')
})

test('a one-off and a worker are never chosen, whatever chance says', () => {
  const order: Happening = [5, run({ attached: false })]
  const there = choice([web(1), ...up(1), [1, spawned(2)], order, [6, spawned(3)]])
  assert.equal(there.dynos.length, 3)
  for (let chance = 0; chance <= 1; chance += 0.1) {
    assert.equal(say(chooseDyno(there, seeker({ chance }))), 'go web.1')
  }
})

test('the URL of a router is one that a browser on this machine can open', () => {
  assert.equal(routerUrl({ port: 5000, host: null, tls: false }), 'http://localhost:5000/')
  assert.equal(routerUrl({ port: 5000, host: '0.0.0.0', tls: false }), 'http://localhost:5000/')
  assert.equal(routerUrl({ port: 80, host: '192.168.1.7', tls: false }), 'http://192.168.1.7:80/')
  assert.equal(routerUrl({ port: 80, host: 'fe80::1', tls: true }), 'https://[fe80::1]:80/')
})
