import assert from 'node:assert/strict'
import test from 'node:test'
import { checkAppJson } from '../../../src/core/check/check-app-json.ts'

const TYPES = new Set(['web', 'worker'])

function places(text: string, types?: ReadonlySet<string>): string[] {
  return checkAppJson('app.json', text, types).map(({ line, column, rule }) => `${line}:${column} ${rule}`)
}

test('an app.json may say how many dynos there are, or nothing of them', () => {
  for (const text of [
    '{}',
    '{"name": "shop", "env": {"A": "b"}}\n',
    '{"formation": {}}',
    '{"formation": {"web": {"quantity": 1, "size": "basic"}, "worker": {"quantity": 0}}}',
    '{"formation": {"web": {}, "worker": 2}}',
  ])
    assert.deepEqual(places(text, TYPES), [], text)
})

test('where an app.json is no JSON is told by line and column', () => {
  const rows: readonly (readonly [text: string, place: string])[] = [
    ['', '1:1'],
    ['nonsense', '1:2'],
    ['{"a": }\n', '1:7'],
    ['{\n  "a": 1\n  "b": 2\n}\n', '3:3'],
    ['{\n  "a": [1, 2,]\n}\n', '2:14'],
    ['{"a": 1,}', '1:9'],
    ["{'a': 1}", '1:2'],
    ['{"a": "b', '1:9'],
    ['{"a": {"b": 1}\n', '1:15'],
    ['{"a": 1}\n{"b": 2}\n', '2:1'],
    ['{"é🍵": x}', '1:8'],
    ['// c\n{}\n', '1:1'],
    ['{"a": tru}', '1:10'],
    ['{"a": "b\nc"}', '1:9'],
  ]
  for (const [text, place] of rows) assert.deepEqual(places(text), [`${place} app-json-syntax`], text)
})

test('JSON that is no object is no app.json', () => {
  for (const text of ['[]', 'null', '1', '"a"', 'true'])
    assert.deepEqual(places(text), ['1:1 app-json-syntax'], text)
})

test('a byte-order mark is found, and what is behind it is checked all the same', () => {
  assert.deepEqual(places('\uFEFF{"formation": {"x": 1}}', TYPES), [
    '1:1 byte-order-mark',
    '1:16 formation-type',
  ])
})

test('a process type that the Procfile does not have is told where it stands', () => {
  const text =
    '{\n  "name": "wrker",\n  "formation": {\n    "web": {"quantity": 1},\n    "wrker": {"quantity": 1}\n  }\n}\n'
  assert.deepEqual(places(text, TYPES), ['5:5 formation-type'])
  const [finding] = checkAppJson('app.json', text, TYPES)
  assert.match(finding!.message, /no `wrker` in the Procfile\. It has web, worker\./)
  assert.deepEqual(places(text), [], 'nobody knows the types')
  assert.match(checkAppJson('app.json', text, new Set())[0]!.message, /It has no process types/)
})

test('a quantity that is no whole number from 0 on is told', () => {
  for (const quantity of ['-1', '1.5', '"2"', 'null', 'true', '1e99', '[1]']) {
    const text = `{"formation": {"web": {"quantity": ${quantity}}}}`
    assert.deepEqual(places(text, TYPES), ['1:16 formation-quantity'], text)
  }
})

test('a formation that is no object is told', () => {
  for (const formation of ['[]', '1', 'null', '"web"'])
    assert.deepEqual(
      places(`{"a": 1,\n "formation": ${formation}}`, TYPES),
      ['2:2 formation-quantity'],
      formation,
    )
})

test('nesting deeper than anybody nests is a mistake like any other', () => {
  assert.deepEqual(places('['.repeat(100_000)), ['1:100001 app-json-syntax'])
})
