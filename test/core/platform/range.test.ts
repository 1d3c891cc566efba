import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Page, pageOf } from '../../../src/core/platform/range.ts'

const RELEASES = [3, 1, 12, 2, 10].map((version) => ({ version, id: `id-${version}` }))
const KEYS = ['version', 'id']

const versions = (header: string) =>
  pageOf(RELEASES, header, KEYS)?.items.map((item) => (item as { version: number }).version)

test('a list is sorted by its first property where nothing else is asked for', () => {
  assert.deepEqual(versions(''), [1, 2, 3, 10, 12])
  const page = pageOf(RELEASES, '', KEYS)!
  assert.deepEqual([page.contentRange, page.nextRange], ['version 1..12', undefined])
})

test('a range names a property, its bounds, an order and how many', () => {
  const table: [string, number[] | undefined][] = [
    ['version ..', [1, 2, 3, 10, 12]],
    ['version ..; order=desc,max=1', [12]],
    ['version ..; max=2, order=desc', [12, 10]],
    ['version ..; max=2; order=desc', [12, 10]],
    ['version ..; order=desc; max=2;', [12, 10]],
    ['version ..;; order=desc, max=1', [12]],
    ['version ..; max=2; order=up', undefined],
    ['version 2..10', [2, 3, 10]],
    ['version ]2..10; max=1', [3]],
    ['version ]12..; order=desc', [10, 3, 2, 1]],
    ['version 10..2; order=desc', [10, 3, 2]],
    ['version ..3', [1, 2, 3]],
    ['id ..; max=1000;', [1, 10, 12, 2, 3]],
    ['id ]id-10..', [12, 2, 3]],
    ['version 99..', []],
    ['name ..', undefined],
    ['version abc..', undefined],
    ['version ..1e1', undefined],
    ['version -1..', undefined],
    ['id abc..', [1, 10, 12, 2, 3]],
    ['version', undefined],
    ['version ..; max=0', undefined],
    ['version ..; max=-1', undefined],
    ['version ..; order=up', undefined],
    ['bytes=0-5', undefined],
    [`${'version '.repeat(1000)}..`, undefined],
  ]
  for (const [header, expected] of table) assert.deepEqual([header, versions(header)], [header, expected])
})

test('what has the same key is on the same page', () => {
  const twins = [...'abbbc'].map((name, id) => ({ name, id: String(id) }))
  const ids = (header: string) => {
    const page = pageOf(twins, header, ['name'])!
    return [page.items.map((item) => (item as { id: string }).id).join(''), page.nextRange]
  }
  assert.deepEqual(ids('name ..; max=1'), ['0', 'name ]a..; max=1'])
  assert.deepEqual(ids('name ..; max=2'), ['0123', 'name ]b..; max=2'])
  assert.deepEqual(ids('name ]a..; max=1'), ['123', 'name ]b..; max=1'])
  assert.deepEqual(ids('name ]b..; max=1'), ['4', undefined])
  assert.deepEqual(ids('name ..; max=2, order=desc'), ['4123', 'name ]b..; max=2, order=desc'])
})

test('an empty page lies nowhere', () => {
  assert.deepEqual(pageOf([], '', KEYS), { items: [], contentRange: undefined, nextRange: undefined })
})

test('no more than 200 are given unless more are asked for, and never more than 1000', () => {
  const many = Array.from({ length: 1500 }, (_, i) => ({ version: i + 1 }))
  assert.equal(pageOf(many, '', ['version'])!.items.length, 200)
  assert.equal(pageOf(many, 'version ..; max=5000', ['version'])!.items.length, 1000)
})

test('following the next range from page to page sees everything once, in its order', () => {
  const asked = fc.record({
    list: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 40 }),
    max: fc.integer({ min: 1, max: 9 }),
    descends: fc.boolean(),
    byName: fc.boolean(),
  })
  fc.assert(
    fc.property(asked, ({ list, max, descends, byName }) => {
      const items = list.map((version) => ({ version, id: `web.${version}` }))
      let header: string | undefined =
        `${byName ? 'id' : 'version'} ..; max=${max}${descends ? ', order=desc' : ''}`
      const seen: number[] = []
      while (header !== undefined) {
        const page: Page = pageOf(items, header, KEYS)!
        seen.push(...page.items.map((item) => (item as { version: number }).version))
        header = page.nextRange
        assert.ok(seen.length <= list.length)
      }
      const key = (version: number) => (byName ? `web.${version}` : version)
      const sorted = list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1) * (descends ? -1 : 1))
      assert.deepEqual(seen, sorted)
    }),
    { seed: 20261127 },
  )
})
