import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, messageOf } from './fake-client.ts'
import { settle } from './fake-edges.ts'
import { FORMATION, opened, stack, started } from './fake-formation.ts'

test('scaling answers with the new formation and takes the words of the official CLI', async () => {
  const { ask, quantities, states } = await started()
  await ask('PATCH', FORMATION, { body: { updates: [{ type: 'web', quantity: '+2' }] } })
  assert.deepEqual(await quantities(), { web: 3, worker: 1 })
  await ask('PATCH', FORMATION, { body: { updates: [{ type: 'worker', quantity: '0' }] } })
  assert.deepEqual(await quantities(), { web: 3, worker: 0 })
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 stopping', 'web.2 booting', 'web.3 booting'])
})

test('scaling up to a port that somebody has changes nothing', async () => {
  const { ask, quantities, world } = await started()
  world.taken.add(5001)
  const answer = await ask('PATCH', FORMATION, { body: { updates: [{ type: 'web', quantity: 2 }] } })
  assert.match(messageOf(answer), /^Port 5001 is taken/)
  assert.deepEqual(await quantities(), { web: 1, worker: 1 })
})

test('without a formation there is nothing to scale, and the list is empty', async () => {
  const { ask } = opened()
  const answer = await ask('PATCH', FORMATION, { body: { updates: [{ type: 'web', quantity: 2 }] } })
  assert.match(messageOf(answer), /^No formation runs; start it with 'dyno start'\.$/)
  assert.deepEqual(bodyOf(await ask('GET', FORMATION)), [])
})

test('two people who scale at the same time are both heard, and every port is looked at', async () => {
  const { scale, quantities, world } = await started()
  await Promise.all([scale('web', '+1'), scale('web', '+1')])
  assert.deepEqual(await quantities(), { web: 3, worker: 1 })
  world.taken.add(5004)
  const answers = await Promise.all([scale('web', '+1'), scale('web', '+1')])
  assert.deepEqual(answers.map((answer) => 'status' in answer && answer.status).sort(), [200, 422])
  assert.deepEqual(await quantities(), { web: 4, worker: 1 })
})

test('a type that a release drops while somebody scales is no part of the formation any more', async () => {
  const { ask, scale, quantities, world } = await started()
  const { promise: looked, resolve: look } = Promise.withResolvers<void>()
  Object.assign(world.edges, { claimPort: () => looked })
  const scaled = Promise.all([scale('web', '+1'), scale('worker', '+1')])
  await ask('POST', '/apps/widgets/releases', {
    body: { stack: { ...stack, slug: 'cd'.repeat(32), process_types: { web: 'node web.js' } } },
  })
  look()
  const [web, worker] = await scaled
  assert.ok('status' in web && web.status === 200)
  assert.match(messageOf(worker), /^There is no 'worker' in the Procfile/)
  assert.deepEqual(await quantities(), { web: 2 })
})

test('a dyno that still ends does not have its port from a stranger, and comes back when it has ended', async () => {
  const { scale, states, world, exit } = await started()
  await scale('web', '2')
  await settle()
  world.taken.add(5001) // web.2 has bound it
  await scale('web', '1')
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up', 'web.2 stopping'])
  const answer = await scale('web', '2')
  assert.ok('status' in answer && answer.status === 200)
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up', 'web.2 stopping'])
  await exit('web.2', 0)
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up', 'web.2 booting'])
})

test('a type that comes back with a release while its dyno still ends has its port from no stranger', async () => {
  const { ask, states, world, logged } = await started({ starts_new_types: true })
  const release = (slug: string, types: Record<string, string>) =>
    ask('POST', '/apps/widgets/releases', {
      body: { stack: { slug: slug.repeat(32), process_types: types } },
    })
  world.taken.add(5100) // worker.1 has bound it
  await release('cd', { web: 'node web.js' })
  await release('ef', stack.process_types)
  assert.deepEqual(states(), ['web.1 stopping', 'worker.1 stopping'])
  assert.ok(!logged().some((line) => line.includes('is taken')))
})
