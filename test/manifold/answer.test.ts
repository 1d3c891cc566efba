import assert from 'node:assert/strict'
import test from 'node:test'
import type { DynoJson } from '../../src/core/api/api.ts'
import { Problem } from '../../src/core/problem.ts'
import { bodyOf, openFakeClient, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

const DYNOS = '/apps/widgets/dynos'

test('a dyno is created with its Heroku name, its state and where to attach', async () => {
  const { create, ask } = openFakeManifold()
  const dyno = await create({ attach: true, size: '2x' })
  const { name, type, command, size, state } = dyno
  const expected = { name: 'run.1', type: 'run', command: 'bash', size: 'Standard-2X', state: 'starting' }
  assert.deepEqual({ name, type, command, size, state }, expected)
  assert.match(dyno.attach_url!, /^\/attach\/[0-9a-f-]{36}$/)
  assert.equal((await create()).attach_url, null)
  const listed = bodyOf(await ask('GET', DYNOS)) as DynoJson[]
  assert.deepEqual(
    listed.map((each) => [each.name, each.state, each.attach_url]),
    [
      ['run.1', 'starting', null],
      ['run.2', 'up', null],
    ],
  )
})

test('a dyno is found by its name or its id, and an app by its name or its id', async () => {
  const { create, ask } = openFakeManifold()
  const { id, app } = await create()
  for (const path of [`${DYNOS}/run.1`, `${DYNOS}/${id}`, `/apps/${app.id}/dynos/run.1`]) {
    assert.equal((bodyOf(await ask('GET', path)) as DynoJson).id, id)
  }
  assert.deepEqual(bodyOf(await ask('GET', '/apps/widgets')), {
    id: app.id,
    name: 'widgets',
    maintenance: false,
    formation: null,
    web_url: null,
  })
})

test('a dyno runs with config vars, --env and its own name, and a process type stands for its command', async () => {
  const { world, create, logged } = openFakeManifold()
  const stack = {
    slug: SLUG,
    process_types: { worker: 'node worker.js' },
    config: { A: 'config', B: 'config' },
    caller: { LANG: 'C' },
  }
  await create({ command: 'worker 42', env: { B: 'extra' }, stack })
  const { A, B, LANG, DYNO, HOME } = world.child('run.1').environment
  assert.deepEqual([A, B, LANG, DYNO, HOME], ['config', 'extra', 'C', 'run.1', '/app'])
  assert.ok(logged().includes('heroku[run.1]: Starting process with command `node worker.js 42`'))
})

test('a request without a stack runs on the newest one known, and on none before there is one', async () => {
  const { ask, create, world } = openFakeManifold()
  const post = () => ask('POST', DYNOS, { body: { command: 'ls' } })
  const answer = await post()
  assert.equal('status' in answer && answer.status, 422)
  assert.match((bodyOf(answer) as { message: string }).message, /no release yet/)
  await create({ stack: { slug: SLUG, config: { V: 'old' } } })
  await create({ stack: { slug: SLUG, config: { V: 'new' } } })
  await post()
  await settle()
  assert.equal(world.child('run.3').environment['V'], 'new')
})

test('a warning is told along with the dyno', async () => {
  const { ask, world } = openFakeManifold()
  world.warning = 'Only folders.'
  const body = { command: 'ls', stack: { slug: SLUG } }
  const answer = await ask('POST', DYNOS, { body })
  assert.equal('warning' in answer && answer.warning, 'Only folders.')
  world.warning = undefined
  assert.ok(!('warning' in (await ask('POST', DYNOS, { body }))))
})

test('a ticket is good for one client', async () => {
  const { api, create } = openFakeManifold()
  const { attach_url: url } = await create({ attach: true })
  const [first, second] = [openFakeClient(), openFakeClient()]
  api.attach(url!, () => first.wire)
  await settle()
  let opened = false
  const attachAgain = () =>
    api.attach(url!, () => {
      opened = true
      return second.wire
    })
  assert.throws(attachAgain, (error) => error instanceof Problem && error.code === 'not-found')
  assert.ok(!opened)
  assert.deepEqual(first.got('up'), [{ name: 'run.1' }])
  assert.ok(!first.isEnded())
})

test('a ticket of a dyno that was stopped, or that never was, is refused', async () => {
  const { api, create, ask } = openFakeManifold()
  const { attach_url: url } = await create({ attach: true })
  await ask('POST', `${DYNOS}/run.1/actions/stop`)
  for (const path of [url!, '/attach/00000000-0000-4000-8000-000000000000', '/attach/', '/apps']) {
    assert.throws(() => api.attach(path, () => openFakeClient().wire), Problem, path)
  }
})

for (const [method, path] of [
  ['POST', `${DYNOS}/run.1/actions/stop`],
  ['DELETE', `${DYNOS}/run.1`],
] as const) {
  test(`${method} ${path} stops the dyno and answers at once`, async () => {
    const { ask, create, world } = openFakeManifold()
    await create()
    assert.deepEqual(await ask(method, path), { status: 202, body: {} })
    assert.equal(world.done.at(-1), 'signal run.1 15')
  })
}

test('with Prefer: wait a stop answers when the dyno is over, and not before', async () => {
  const { ask, create, world, manifold } = openFakeManifold()
  await create()
  let answered = false
  const stop = ask('POST', `${DYNOS}/run.1/actions/stop`, { prefer: 'wait' }).then(() => {
    answered = true
  })
  await world.advance(10_000)
  assert.ok(!answered)
  world.child('run.1').exit({ how: 'signal', signal: 15 })
  await stop
  assert.deepEqual(manifold.dynos(), [])
})

test('with Prefer: wait a dyno that is over at once is not waited for', async () => {
  const { ask, create, manifold } = openFakeManifold()
  await create({ attach: true })
  await ask('POST', `${DYNOS}/run.1/actions/stop`, { prefer: 'wait' })
  assert.deepEqual(manifold.dynos(), [])
})

const NOWHERE: readonly (readonly [method: string, path: string, sentence: RegExp])[] = [
  ['GET', '/', /^There is no GET \/\.$/],
  ['GET', '/nothing', /^There is no GET \/nothing\.$/],
  ['PATCH', DYNOS, /^There is no PATCH /],
  ['GET', `${DYNOS}/run.1/more/here`, /^There is no GET /],
  ['GET', '/apps/gadgets', /Couldn't find that app: this manifold is widgets's\.$/],
  ['GET', '/apps/gadgets/dynos', /Couldn't find that app/],
  ['GET', `${DYNOS}/run.9`, /^Couldn't find that dyno: there is no run\.9\. These run: run\.1\.$/],
  ['POST', `${DYNOS}/web/actions/stop`, /there is no web\./],
  ['DELETE', `${DYNOS}/run.9`, /there is no run\.9\./],
  ['GET', '/logs/nothing', /^That log session is over/],
]

for (const [method, path, sentence] of NOWHERE) {
  test(`${method} ${path} is nowhere, says a 404`, async () => {
    const { ask, create } = openFakeManifold()
    await create()
    const answer = await ask(method, path)
    const { id, message } = bodyOf(answer) as { id: string; message: string }
    assert.deepEqual(['status' in answer && answer.status, id], [404, 'not_found'])
    assert.match(message, sentence)
  })
}

const BAD: readonly (readonly [body: unknown, sentence: RegExp])[] = [
  [null, /must be a JSON object\.$/],
  [{}, /needs a command; send/],
  [{ command: 'ls', size: 'huge' }, /no dyno size 'huge'/],
  [{ command: 'ls', env: [] }, /'env' must be a JSON object\.$/],
  [{ command: 'ls', stack: { slug: '../../etc' } }, /SHA-256/],
  [{ command: 'ls', walls: 'none', stack: { slug: SLUG } }, /Walls are 'full' or 'folder'/],
]

for (const [body, sentence] of BAD) {
  test(`the body ${JSON.stringify(body)} is answered with 422 and a sentence, and nothing begins`, async () => {
    const { ask, manifold, world } = openFakeManifold()
    const answer = await ask('POST', DYNOS, { body })
    const { id, message } = bodyOf(answer) as { id: string; message: string }
    assert.deepEqual(['status' in answer && answer.status, id], [422, 'invalid_params'])
    assert.match(message, sentence)
    assert.deepEqual([manifold.dynos(), world.done], [[], []])
  })
}

test('a mistake of ours is answered, told in the log, and ends nothing', async () => {
  const { world, ask, create, logged } = openFakeManifold()
  const { readReleases } = world.edges
  const careless = () => {
    throw new TypeError('nobody\nthought of this')
  }
  Object.assign(world.edges, { readReleases: careless })
  const answer = await ask('GET', '/apps/widgets/releases')
  assert.equal('status' in answer && answer.status, 500)
  assert.match(logged().at(-1)!, /^app\[api\]: This should not happen: TypeError: nobody thought of this at /)
  Object.assign(world.edges, { readReleases })
  assert.equal((await create()).name, 'run.1')
})
