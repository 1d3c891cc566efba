import assert from 'node:assert/strict'
import test from 'node:test'
import type { Answer } from '../../src/core/api/exchange.ts'
import { Problem } from '../../src/core/problem.ts'
import { messageOf } from './fake-client.ts'
import { settle } from './fake-edges.ts'
import { FORMATION, opened, stack, started } from './fake-formation.ts'

const statusOf = (answer: Answer) => 'status' in answer && answer.status
const ROUTED = { router: {} }

test('a formation that is started while the former one ends begins when that is over, on its ports', async () => {
  const { start, manifold, states, world, exit } = await started()
  world.taken.add(5100) // worker.1 has bound it
  manifold.post({ order: 'let go' })
  const second = start()
  await exit('web.1', 0)
  await world.advance(20_000)
  assert.deepEqual(states(), ['worker.1 stopping'])
  world.taken.clear()
  await exit('worker.1', 0)
  assert.equal(statusOf(await second), 201)
  await settle()
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up'])
})

test('what somebody wanted who has left meanwhile is not started, and the next who wants it has it', async () => {
  const { ask, start, manifold, states, world, exit } = await started()
  manifold.post({ order: 'let go' })
  let hasLeft = false
  const body = { stack, port: 5000, updates: [{ type: 'web', quantity: 1 }], lease: true }
  const first = ask('POST', FORMATION, { body, hasLeft: () => hasLeft })
  const second = start()
  hasLeft = true
  await exit('web.1', 0)
  await exit('worker.1', 0)
  assert.equal(statusOf(await first), 409)
  assert.equal(statusOf(await second), 201)
  await settle()
  assert.deepEqual(states(), ['web.1 booting', 'worker.1 up'])
  assert.equal(world.done.filter((line) => line === 'spawn web.1').length, 2)
})

test('a manifold that is told to end while somebody waits for its formation starts no other', async () => {
  const { start, manifold, exit } = await started()
  manifold.post({ order: 'let go' })
  const second = start()
  manifold.close()
  await exit('web.1', 0)
  await exit('worker.1', 0)
  assert.match(messageOf(await second), /^The manifold is about to end/)
  assert.equal(manifold.formed(), null)
})

test('a start that comes to nothing leaves no router behind', async () => {
  const { start, world, manifold } = opened()
  world.refusal = new Problem('release', 'The disk is full.')
  assert.match(messageOf(await start(ROUTED)), /^The disk is full/)
  assert.deepEqual([world.router?.done, manifold.formed()], [['close'], null])
  world.refusal = undefined
  assert.equal(statusOf(await start(ROUTED)), 201)
  assert.deepEqual(world.router?.done, [])
})

test('of two who start at the same time one has the formation, and no second router listens', async () => {
  const { start, world, manifold } = opened()
  const { serveRouter } = world.edges
  const listening: number[] = []
  Object.assign(world.edges, {
    serveRouter(...args: Parameters<typeof serveRouter>) {
      listening.push(args[0].port)
      return serveRouter(...args)
    },
  })
  const [one, two] = await Promise.all([start(ROUTED), start({ ...ROUTED, port: 7000 })])
  assert.equal(statusOf(one), 201)
  assert.match(messageOf(two), /already runs \(pid 4242\)/)
  assert.deepEqual([listening, manifold.formed()?.release.basePort], [[5000], 5000])
})

test('who starts while another’s start fails is not in vain', async () => {
  const { start, world, manifold } = opened()
  for (let port = 5000; port < 7000; port++) world.taken.add(port)
  const [one, two] = await Promise.all([start(), start({ port: 8000 })])
  assert.match(messageOf(one), /^Port 5000 is taken/)
  assert.equal(statusOf(two), 201)
  assert.equal(manifold.formed()?.release.basePort, 8000)
})
