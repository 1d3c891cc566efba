import assert from 'node:assert/strict'
import test from 'node:test'
import type { ReleaseJson } from '../../src/core/api/release-api.ts'
import { Problem } from '../../src/core/problem.ts'
import { bodyOf, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'
import { OTHER, opened, stack, WITH_COMMAND } from './fake-releases.ts'

test('a formation that begins is a release, and the same one where nothing has changed', async () => {
  const { start, list, told, manifold, exit, world } = opened()
  await start()
  assert.deepEqual(await list(), ['v1 Deploy abababab succeeded *'])
  assert.deepEqual(told().slice(0, 2), [
    'app[api]: Deploy abababab by user ada',
    'app[api]: Release v1 created by user ada',
  ])
  manifold.post({ order: 'let go' })
  await exit('worker.1', 0)
  await start()
  assert.deepEqual(await list(), ['v1 Deploy abababab succeeded *'])
  assert.deepEqual(
    world.done.filter((done) => done.startsWith('keep')),
    ['keep v1 succeeded'],
  )
  assert.equal(manifold.formed()?.release.version, 1)
})

test('the config vars of the release are told as the Platform API tells them', async () => {
  const { start, ask } = opened()
  await start()
  assert.deepEqual(bodyOf(await ask('GET', '/apps/widgets/config-vars')), { A: '1' })
})

test('config vars make a release that every dyno gets in a new life, and last over a new start', async () => {
  const { start, ask, list, told, lives, exit, manifold, world, create } = opened()
  await start()
  const answer = await ask('PATCH', '/apps/widgets/config-vars', { body: { B: '2', A: null } })
  assert.deepEqual(bodyOf(answer), { B: '2' })
  assert.deepEqual(told().slice(-2), [
    'app[api]: Set B config vars, Remove A config vars by user ada',
    'app[api]: Release v2 created by user ada',
  ])
  assert.deepEqual(lives(), ['worker.1 stopping v1'])
  await exit('worker.1', 0)
  assert.deepEqual(lives(), ['worker.1 up v2'])
  assert.deepEqual(
    [world.child('worker.1').environment['A'], world.child('worker.1').environment['B']],
    [undefined, '2'],
  )
  manifold.post({ order: 'let go' })
  await exit('worker.1', 0)
  await create()
  assert.equal(world.child('run.1').environment['B'], '2', 'a one-off on the app folder has it as well')
  await start()
  assert.deepEqual(await list(), [
    'v1 Deploy abababab succeeded',
    'v2 Set B config vars, Remove A config vars succeeded *',
  ])
  assert.equal(world.child('worker.1').environment['B'], '2')
})

test('all config vars of an app have 64 KiB, names and all; who has more may have less', async () => {
  const { start, ask, list, message, release } = opened()
  await start()
  const set = (body: object) => ask('PATCH', '/apps/widgets/config-vars', { body })
  for (const name of ['B', 'C', 'D']) await set({ [name]: 'x'.repeat(20_000) })
  const sentence =
    "That is too much for config vars: the app's have at most 64 KiB, and with this they would have 79."
  const [name, value] = ['E', 'é'.repeat(10_000)]
  const refused = await set({ [name]: value })
  assert.deepEqual(['status' in refused && refused.status, message(refused)], [422, sentence])
  assert.equal(message(await release({ config: { [name]: value } })), sentence)
  assert.equal((await list()).length, 4)
  await set({ B: null, [name]: value })
  assert.equal((await list()).length, 5)
  await release({ stack: { ...stack(), config: { A: 'x'.repeat(70_000) } } })
  assert.match(message(await set({ F: '1' })), /too much/)
  assert.equal('status' in (await set({ A: 'x'.repeat(69_000) })), true)
  assert.equal((await list()).length, 7)
})

test('the release command runs first, as release.N; only when it succeeds the formation goes on with the release', async () => {
  const { start, release, list, told, lives, exit, world } = opened()
  await start()
  const pending = release({ stack: stack(OTHER, WITH_COMMAND) })
  await settle()
  assert.deepEqual(lives(), ['worker.1 up v1', 'release.2 up v2'])
  assert.equal(world.child('release.2').environment['DYNO'], 'release.2')
  assert.deepEqual(await list(), ['v1 Deploy abababab succeeded *', 'v2 Deploy cdcdcdcd pending'])
  await exit('release.2', 0)
  assert.equal((bodyOf(await pending) as ReleaseJson).version, 2)
  assert.deepEqual(lives(), ['worker.1 stopping v1'])
  assert.deepEqual(told().slice(-3), [
    'app[api]: Deploy cdcdcdcd by user ada',
    'app[api]: Running release v2 commands by user ada',
    'app[api]: Release v2 created by user ada',
  ])
})

test('a release command that fails leaves the release before it running, and says so', async () => {
  const { start, release, list, told, lives, exit, message } = opened()
  await start()
  const pending = release({ stack: stack(OTHER, WITH_COMMAND) })
  await settle()
  await exit('release.2', 2)
  const answer = await pending
  assert.equal('status' in answer && answer.status, 422)
  assert.equal(
    message(answer),
    "The release command of v2 ended with status 2; v1 stays. See 'dyno logs -p release.2'.",
  )
  assert.deepEqual(await list(), ['v1 Deploy abababab succeeded *', 'v2 Deploy cdcdcdcd failed'])
  assert.deepEqual(lives(), ['worker.1 up v1'])
  assert.equal(told().at(-1), 'app[api]: Release v2 command failed by user ada')
})

test('a release command may take an hour', async () => {
  const { start, release, lives, world, exit, message } = opened()
  await start()
  const pending = release({ stack: stack(OTHER, WITH_COMMAND) })
  await settle()
  await world.advance(3_599_000)
  assert.ok(lives().includes('release.2 up v2'))
  await world.advance(2000)
  assert.ok(lives().includes('release.2 stopping v2'))
  await exit('release.2', 0)
  assert.match(message(await pending), /^The release command of v2 was stopped after an hour; v1 stays\./)
})

test('two releases at once come one after the other', async () => {
  const { start, release, exit, list } = opened()
  await start()
  const first = release({ stack: stack(OTHER, WITH_COMMAND) })
  const second = release({ config: { B: '2' } })
  await settle()
  assert.equal((await list()).length, 2)
  await exit('release.2', 0)
  await settle()
  await exit('release.3', 0)
  await Promise.all([first, second])
  assert.deepEqual((await list()).slice(1), [
    'v2 Deploy cdcdcdcd succeeded',
    'v3 Set B config vars succeeded *',
  ])
})

test('a rollback is a release with the slug and the config vars of an earlier one, if they are still there', async () => {
  const { start, release, list, world, message, manifold } = opened()
  await start()
  await release({ stack: stack(OTHER) })
  await release({ release: 'v1' })
  assert.equal((await list()).at(-1), 'v3 Rollback to v1 succeeded *')
  assert.equal(manifold.formed()?.release.stack.slug, SLUG)
  assert.match(message(await release({ release: 'v9' })), /There is no release v9; the newest is v3/)
  world.pruned.add(OTHER)
  assert.match(message(await release({ release: 'v2' })), /The slug of v2 is not kept any more/)
  assert.equal((await list()).length, 3)
})

test('a one-off runs on the release that it names', async () => {
  const { start, release, create, world, ask, message } = opened()
  await start()
  await release({ config: { A: '2' } })
  await create({ stack: undefined, release: 'v1', caller: { LANG: 'C' } })
  const { A, LANG } = world.child('run.1').environment
  assert.deepEqual([A, LANG], ['1', 'C'])
  await create({ stack: undefined, release: 'current' })
  assert.equal(world.child('run.2').environment['A'], '2')
  const unknown = await ask('POST', '/apps/widgets/dynos', { body: { command: 'ls', release: 'v7' } })
  assert.match(message(unknown), /There is no release v7/)
})

test('what cannot be kept is no release, and what was pending or broken when a manifold was killed is none', async () => {
  const { start, release, list, world, message, logged } = opened()
  await start()
  world.refusal = new Problem('app', 'The disk is full.')
  assert.equal(message(await release({ config: { B: '2' } })), 'The disk is full.')
  assert.deepEqual(await list(), ['v1 Deploy abababab succeeded *'])
  const next = opened()
  const [first] = world.kept.records
  next.world.kept = {
    records: [first!, { ...first!, version: 2, status: 'pending' }],
    highest: 3,
    broken: ['/x/v3.json.broken'],
  }
  next.world.refusal = new Problem('app', 'The disk is full.')
  assert.deepEqual(await next.list(), ['v1 Deploy abababab succeeded *', 'v2 Deploy abababab failed'])
  assert.ok(
    next
      .logged()
      .includes('app[api]: /x/v3.json.broken is no whole release; it was set aside, and the others count.'),
  )
  assert.ok(!logged().some((line) => line.includes('v2')))
})

test('a release that was pending when a manifold was killed is kept as failed', async () => {
  const { start, world } = opened()
  await start()
  const next = opened()
  const [first] = world.kept.records
  next.world.kept = {
    records: [first!, { ...first!, version: 2, status: 'pending' }],
    highest: 2,
    broken: [],
  }
  await next.list()
  await next.list()
  assert.deepEqual(next.world.done, ['keep v2 failed'])
})
