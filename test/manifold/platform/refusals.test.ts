import assert from 'node:assert/strict'
import test from 'node:test'
import { appAt } from '../../../src/core/app.ts'
import { bodyOf, messageOf } from '../fake-client.ts'
import { openFakeStranger } from './fake-stranger.ts'

const APP = '/apps/widgets'

test('an app whose manifold does not answer is there, and cannot be asked', async () => {
  const { knock, get, world } = await openFakeStranger()
  const { id, name, key } = appAt('/home/ada/gadgets')
  world.silent.push({ name, key })
  for (const each of [name, id]) {
    const answer = await knock('GET', `/apps/${each}/dynos`)
    assert.deepEqual('status' in answer && [answer.status, answer.body], [
      503,
      { id: 'unavailable', message: 'The manifold of that app does not answer.' },
    ])
  }
  for (const other of ['nope', appAt('/home/ada/nope').id]) {
    const answer = await knock('GET', `/apps/${other}/dynos`)
    assert.equal('status' in answer && answer.status, 404)
  }
  assert.equal((await get('GET', '/apps')).length, 1)
})

test('what cannot be answered is an error of Heroku’s with an id and a sentence, and nothing else', async () => {
  const { knock } = await openFakeStranger()
  const table: [string, string, object, number, string][] = [
    ['GET', '/apps/nope', {}, 404, 'not_found'],
    ['GET', '/apps/nope/dynos', {}, 404, 'not_found'],
    ['GET', `${APP}/dynos/web.9`, {}, 404, 'not_found'],
    ['GET', `${APP}/formation/nope`, {}, 404, 'not_found'],
    ['POST', `${APP}/formations/nope/actions/stop`, {}, 404, 'not_found'],
    ['GET', `${APP}/releases/99`, {}, 404, 'not_found'],
    ['GET', `${APP}/slugs/99`, {}, 404, 'not_found'],
    ['GET', `${APP}/nonsense`, {}, 404, 'not_found'],
    ['POST', `${APP}/dynos`, { body: {} }, 422, 'invalid_params'],
    ['POST', `${APP}/dynos`, { body: [] }, 422, 'invalid_params'],
    ['POST', `${APP}/dynos`, { body: { command: 'x', size: 'huge' } }, 422, 'invalid_params'],
    ['POST', `${APP}/dynos`, { body: { command: 'x', type: 'nope' } }, 404, 'not_found'],
    ['POST', `${APP}/dynos`, { body: { command: 'x', time_to_live: 86_401 } }, 422, 'invalid_params'],
    [
      'PATCH',
      `${APP}/formation`,
      { body: { updates: [{ type: 'web', quantity: 'x' }] } },
      422,
      'invalid_params',
    ],
    ['PATCH', `${APP}/formation`, { body: { updates: 7 } }, 422, 'invalid_params'],
    ['POST', `${APP}/releases`, { body: {} }, 422, 'invalid_params'],
    ['POST', `${APP}/slugs`, { body: { process_types: { 'a b': 'x' } } }, 422, 'invalid_params'],
    ['POST', '/apps', { body: {} }, 403, 'forbidden'],
    ['GET', APP, { accept: 'application/vnd.heroku+json; version=2' }, 406, 'not_acceptable'],
  ]
  for (const [method, path, options, status, id] of table) {
    const answer = await knock(method, path, options)
    const body = bodyOf(answer) as Record<string, string>
    assert.deepEqual(
      [method, path, 'status' in answer && answer.status, body['id']],
      [method, path, status, id],
    )
    assert.deepEqual(Object.keys(body), ['id', 'message'])
  }
})

test('what has no plain name is quoted, and told of no further than it can be read', async () => {
  const { knock } = await openFakeStranger()
  const [long, cutShort] = ['x'.repeat(300), `'${'x'.repeat(63)}…'`]
  const table: [method: string, path: string, body: object | null, sentence: string][] = [
    ['POST', `${APP}/dynos`, { command: 'x', type: '' }, "there is no ''. The"],
    ['POST', `${APP}/dynos`, { command: 'x', type: long }, `there is no ${cutShort}. The`],
    ['POST', `${APP}/dynos`, { command: 'x', size: long }, `There is no dyno size ${cutShort}.`],
    ['POST', `${APP}/dynos`, { command: 'x', env: { [`${long}-`]: 'x' } }, `${cutShort} is no name`],
    ['GET', `${APP}/dynos/${long}`, null, `there is no ${cutShort}.`],
    ['GET', `${APP}/formation/a b`, null, "there is no 'a b'."],
    ['DELETE', `${APP}/formations/`, null, "No '' dyno runs."],
    ['GET', `${APP}/releases/`, null, "There is no release '';"],
    ['PATCH', `${APP}/formation/web`, { quantity: long }, `${cutShort} is no number;`],
    ['PATCH', `${APP}/config-vars`, { [`${long}-`]: 'x' }, `${cutShort} is no name`],
    ['PATCH', `${APP}/config-vars`, { A: 1, B: [] }, "'B' in 'config vars' must be text."],
  ]
  for (const [method, path, body, sentence] of table) {
    const said = messageOf(await knock(method, path, { body }))
    assert.ok(said.includes(sentence), said)
  }
})
