import assert from 'node:assert/strict'
import test from 'node:test'
import {
  bodyTaken,
  PUBLIC_ROUTES,
  publicRoute,
  refusedRoute,
} from '../../../src/core/platform/public-routes.ts'
import { EMPTY } from '../../../src/core/platform/resources.ts'

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
  for (const [method, path] of [
    ['POST', '/apps'],
    ['DELETE', '/apps/demo'],
    ['POST', '/apps/demo/addons'],
    ['POST', '/apps/demo/builds'],
  ] as const) {
    const { status, body } = refusedRoute(method, path)
    assert.deepEqual([status, body.id], [403, 'forbidden'])
    assert.match(body.message, /here|yourself/)
  }
})

test('no route is listed twice, and every list says what it is sorted by', () => {
  const patterns = PUBLIC_ROUTES.map(({ pattern }) => pattern)
  assert.equal(new Set(patterns).size, patterns.length)
  for (const path of EMPTY) assert.ok(publicRoute('GET', path.replace(':', 'demo'))?.ranges)
})
