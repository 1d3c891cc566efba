import assert from 'node:assert/strict'
import test from 'node:test'
import type { MetricsJson } from '../../src/core/metrics.ts'
import { bodyOf, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

const MB = 2 ** 20

async function started() {
  const fake = openFakeManifold()
  const body = {
    stack: { slug: SLUG, process_types: { worker: 'node worker.js' }, config: {} },
    ...{ port: 5000, updates: [{ type: 'worker', quantity: 1 }], lease: false, patience: { grace: 7000 } },
  }
  await fake.ask('POST', '/apps/widgets/formation', { body })
  await settle()
  const metrics = async () => bodyOf(await fake.ask('GET', '/apps/widgets/metrics')) as MetricsJson
  return { ...fake, metrics }
}

test('what dynos use is measured when somebody asks, and at most once a second', async () => {
  const { world, metrics } = await started()
  const silent = {
    name: 'worker.1',
    memory: null,
    memory_quota: 512 * MB,
    cpu: null,
    restarts: 0,
    port: 5000,
  }
  assert.deepEqual(await metrics(), { requests: 0, grace: 7, dynos: [silent] })
  world.memory.set('worker.1', 100 * MB)
  assert.deepEqual((await metrics()).dynos, [silent])
  await world.advance(1000)
  assert.deepEqual((await metrics()).dynos, [{ ...silent, memory: 100 * MB, cpu: 100 }])
})

test('each life after the first is a restart, until the formation is gone', async () => {
  const { world, metrics, manifold } = await started()
  world.child('worker.1').exit({ how: 'code', code: 1 })
  await settle()
  await world.advance(0)
  assert.equal((await metrics()).dynos[0]!.restarts, 1)
  manifold.metrics.forget()
  assert.equal((await metrics()).dynos[0]!.restarts, 0)
})
