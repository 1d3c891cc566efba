import assert from 'node:assert/strict'
import test from 'node:test'
import { appAt, appKey, appName } from '../../src/core/app.ts'

const NAMES: readonly (readonly [root: string, name: string])[] = [
  ['/home/ada/widgets', 'widgets'],
  ['/home/ada/My App', 'my-app'],
  ['/srv/--x__y..z--', 'x-y-z'],
  ['/srv/Überapp', 'berapp'],
  ['/srv/☃', 'app'],
  ['/', 'app'],
  [`/srv/${'a'.repeat(40)}`, 'a'.repeat(30)],
  [`/srv/${'a'.repeat(29)}-bcd`, 'a'.repeat(29)],
]

for (const [root, name] of NAMES) {
  test(`the app in ${root} is called ${name}`, () => assert.equal(appName(root), name))
}

// From the reference of the hash: http://www.isthe.com/chongo/src/fnv/test_fnv.c
const KEYS: readonly (readonly [text: string, key: string])[] = [
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
]

for (const [text, key] of KEYS) {
  test(`the key of '${text}' is FNV-1a's ${key}`, () => assert.equal(appKey(text), key))
}

test('two apps of one name have different keys and ids, and one app always the same', () => {
  const [a, b] = [appAt('/home/ada/shop'), appAt('/home/bob/shop')]
  assert.equal(a.name, b.name)
  assert.notEqual(a.key, b.key)
  assert.notEqual(a.id, b.id)
  assert.deepEqual(appAt('/home/ada/shop'), a)
})

test('an id is a UUID', () => {
  for (const root of ['/', '/a', '/home/ada/shop', '/home/ada/widgets']) {
    assert.match(appAt(root).id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})
