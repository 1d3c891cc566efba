import assert from 'node:assert/strict'
import test from 'node:test'
import { refusedRoute } from '../../../src/core/platform/instead.ts'
import { bodyTaken, PUBLIC_ROUTES, publicRoute } from '../../../src/core/platform/public-routes.ts'
import { EMPTY, EMPTY_OF_PERSON } from '../../../src/core/platform/resources.ts'

test('orders that are ours alone are not let through', () => {
  const ours = [
    'POST /apps/demo/formation',
    'DELETE /apps/demo/formation',
    'POST /apps/demo/api',
    'DELETE /apps/demo/api',
    'PUT /apps/demo/slugs/x/blob',
    'POST /apps/demo/dynos/web.1/actions/attach',
    'GET /apps/demo/metrics',
    'GET /attach/x',
    'GET /logs/x',
  ]
  for (const each of ours) {
    const [method, path] = each.split(' ') as [string, string]
    assert.equal(publicRoute(method, path), undefined, each)
    assert.equal(refusedRoute(method, path).status, 404)
  }
})

test('of a body only what the route takes is handed on', () => {
  const body = {
    command: 'x',
    attach: true,
    live: '/etc',
    walls: 'folder',
    stack: {},
    release: 'v1',
    caller: {},
  }
  assert.deepEqual(bodyTaken(publicRoute('POST', '/apps/demo/dynos')!, body), { command: 'x', attach: true })
  const order = { slug: 'id', stack: {}, config: {}, without_command: true }
  assert.deepEqual(bodyTaken(publicRoute('POST', '/apps/demo/releases')!, order), { slug: 'id' })
  assert.deepEqual(bodyTaken(publicRoute('PATCH', '/apps/demo/config-vars')!, { live: 'x' }), { live: 'x' })
  assert.equal(bodyTaken(publicRoute('DELETE', '/apps/demo/dynos')!, { manifold: true }), null)
})

test('a body that is no object is handed on as it is, to be refused', () => {
  for (const body of [null, [], 'x', 7]) {
    assert.equal(bodyTaken(publicRoute('POST', '/apps/demo/dynos')!, body), body)
  }
})

test('what cannot be had here is refused with what there is instead', () => {
  const orders = [
    'POST /apps',
    'DELETE /apps/demo',
    'PUT /apps/demo/buildpack-installations',
    'POST /pipeline-couplings',
    'POST /account/app-transfers',
    'PATCH /teams/apps/demo',
    'DELETE /apps/demo/collaborators/me@localhost',
    'POST /telemetry-drains',
    'PATCH /apps/demo/features/preboot',
    'PATCH /account/features/x',
    ...[...EMPTY, ...EMPTY_OF_PERSON].map((path) => `POST ${path.replace(':', 'demo')}`),
  ]
  for (const order of orders) {
    const [method, path] = order.split(' ') as [string, string]
    const { status, body } = refusedRoute(method, path)
    assert.deepEqual([order, status, body.id], [order, 403, 'forbidden'])
    assert.match(body.message, /here|yourself/)
  }
})

test('what Heroku’s ps:exec, ps:copy and ps:forward ask first is answered with how to come in', () => {
  const { status, body } = refusedRoute('GET', '/apps/demo/features/runtime-heroku-exec')
  assert.deepEqual([status, body.message], [403, "`ps:exec` cannot come here; type 'dyno ps:exec'."])
})

test('what nothing is called here is not found by its own sentence', () => {
  for (const [path, sentence] of [
    ['/apps/demo/features/preboot', "Couldn't find that feature."],
    ['/account/features/x', "Couldn't find that feature."],
    ['/apps/demo/pipeline-couplings', 'That app is in no pipeline; there are none here.'],
    ['/nowhere', 'There is no GET /nowhere here.'],
  ]) {
    const { status, body } = refusedRoute('GET', path!)
    assert.deepEqual([status, body.message], [404, sentence])
  }
})

test('no route is listed twice, and every list says what it is sorted by', () => {
  const patterns = PUBLIC_ROUTES.map(({ pattern }) => pattern)
  assert.equal(new Set(patterns).size, patterns.length)
  for (const path of EMPTY) assert.ok(publicRoute('GET', path.replace(':', 'demo'))?.ranges)
})
