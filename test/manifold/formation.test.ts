import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from './fake-client.ts'
import { settle } from './fake-edges.ts'
import { FORMATION, opened, started } from './fake-formation.ts'

test('a formation is one dyno of each type, listed by the API, and web is up when its port is bound', async () => {
  const { answer, world, states, quantities } = await started()
  assert.equal('status' in answer && answer.status, 201)
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up'])
  assert.deepEqual(await quantities(), { web: 1, worker: 1 })
  world.bound.add(5000)
  await world.advance(60)
  assert.deepEqual(states(), ['web.1 up', 'worker.1 up'])
})

test('a web dyno that binds another port than its own is killed after a minute with R10', async () => {
  const { world, logged } = await started()
  world.bound.add(5001)
  await world.advance(60_001)
  assert.ok(world.done.includes('signal web.1 9'))
  assert.ok(logged().some((line) => line.startsWith('heroku[web.1]: Error R10 (Boot timeout)')))
})

test('nobody looks at ports while no web dyno boots', async () => {
  const { world, exit } = await started()
  world.bound.add(5000)
  await world.advance(60)
  const looks = world.looks()
  await exit('worker.1', 0)
  await world.advance(10_000)
  assert.equal(world.looks(), looks)
})

test('a port that somebody has is named, and nothing is started', async () => {
  const { world, start, manifold } = opened()
  world.taken.add(5100)
  assert.match(messageOf(await start()), /^Port 5100 is taken/)
  assert.deepEqual([manifold.dynos(), manifold.formed(), world.log], [[], null, []])
})

test('a second formation is refused with the pid of the first, which goes on', async () => {
  const { start, states } = await started()
  const before = states()
  const second = await start()
  assert.equal('status' in second && second.status, 409)
  assert.match(messageOf(second), /already runs \(pid 4242\)/)
  assert.deepEqual(states(), before)
})

const BAD: readonly (readonly [what: string, body: Record<string, unknown>, sentence: RegExp])[] = [
  ['an unknown type', { updates: [{ type: 'wrker', quantity: 1 }] }, /no 'wrker' in the Procfile/],
  ['a quantity that is none', { updates: [{ type: 'web', quantity: 'x' }] }, /'x' is no number/],
  ['a quantity below nothing', { updates: [{ type: 'web', quantity: 1.5 }] }, /'1\.5'/],
  ['a port above the last', { port: 65_500 }, /65600 of worker\.1 is above 65535/],
  ['no port', { port: 'abc' }, /needs a base 'port'/],
]

for (const [what, body, sentence] of BAD) {
  test(`${what} is answered with a sentence, and nothing is started`, async () => {
    const { answer, manifold } = await started(body)
    assert.match(messageOf(answer), sentence)
    assert.deepEqual([manifold.dynos(), manifold.formed()], [[], null])
  })
}

for (const [what, method, path, restarted] of [
  ['all dynos', 'DELETE', '/apps/widgets/dynos', ['web.1', 'worker.1']],
  ['one dyno', 'DELETE', '/apps/widgets/dynos/web.1', ['web.1']],
  ['a type', 'DELETE', '/apps/widgets/formations/worker', ['worker.1']],
  ['a stopped dyno', 'POST', '/apps/widgets/dynos/web.1/actions/stop', ['web.1']],
  ['a stopped type', 'POST', '/apps/widgets/formations/worker/actions/stop', ['worker.1']],
] as const) {
  test(`${what} of the formation gets a new life, and one-offs are left alone`, async () => {
    const { ask, create, world, exit } = await started()
    await create()
    await ask(method, path)
    const signalled = world.done.filter((line) => line.startsWith('signal')).map((line) => line.split(' ')[1])
    assert.deepEqual(signalled, restarted)
    for (const name of restarted) await exit(name, 0)
    const spawns = world.done.filter(
      (line) => line.startsWith('spawn') && restarted.includes(line.slice(6) as never),
    )
    assert.equal(spawns.length, 2 * restarted.length)
  })
}

test('a restart that prefers to wait is answered when the old life is over', async () => {
  const { ask, exit } = await started()
  let answered = false
  const restart = ask('DELETE', '/apps/widgets/dynos/worker.1', { prefer: 'wait' }).then(() => {
    answered = true
  })
  await settle()
  assert.ok(!answered)
  await exit('worker.1', 0)
  await restart
})

test('a restart of a type that does not run names those of the Procfile', async () => {
  const { ask } = await started()
  const answer = await ask('DELETE', '/apps/widgets/formations/wrker')
  assert.match(messageOf(answer), /No wrker dyno runs\. The Procfile has web, worker\./)
})

test('a formation without a lease runs until it is taken down, one-offs with it', async () => {
  const { ask, create, world, manifold, exit } = await started()
  await create()
  await world.advance(3_600_000)
  assert.equal(manifold.dynos().length, 3)
  let answered = false
  const down = ask('DELETE', FORMATION, { prefer: 'wait' }).then(() => {
    answered = true
  })
  for (const name of ['web.1', 'worker.1']) await exit(name, 0)
  assert.ok(!answered)
  await exit('run.1', 0)
  await down
  assert.deepEqual([manifold.dynos(), manifold.formed()], [[], null])
})

test('what is taken down is killed where it is asked for a second time with kill, one-offs with it', async () => {
  const { ask, create, world } = await started()
  await create()
  await ask('DELETE', FORMATION)
  const killed = ['web.1', 'worker.1', 'run.1'].map((name) => `signal ${name} 9`)
  assert.deepEqual(
    killed.filter((signal) => world.done.includes(signal)),
    [],
  )
  await ask('DELETE', FORMATION, { body: { kill: true } })
  assert.deepEqual(
    killed.filter((signal) => world.done.includes(signal)),
    killed,
  )
})

test('a dyno on a terminal keeps its input open, and so does one on pipes', async () => {
  for (const terminal of [{ columns: 100, rows: 30 }, undefined]) {
    const { world } = await started(terminal ? { terminal } : {})
    assert.deepEqual(world.child('worker.1').terminal, terminal ?? null)
    assert.ok(!world.child('worker.1').inputEnded())
  }
})

test('memory above the quota of its size is logged every 20 seconds, and twice as much ends the dyno', async () => {
  const { world, logged } = await started()
  world.memory.set('worker.1', 600 * 2 ** 20)
  await world.advance(40_000)
  const errors = () => logged().filter((line) => /Error R1[45]/.test(line))
  assert.deepEqual(errors(), Array(2).fill('heroku[worker.1]: Error R14 (Memory quota exceeded)'))
  world.memory.set('worker.1', 1100 * 2 ** 20)
  await world.advance(20_000)
  assert.equal(errors().at(-1), 'heroku[worker.1]: Error R15 (Memory quota vastly exceeded)')
  assert.equal(world.done.at(-1), 'signal worker.1 9')
})
