import assert from 'node:assert/strict'
import test from 'node:test'
import { scaleRequest, startRequest } from '../../../src/core/api/formation-api.ts'
import { LONGEST_WAIT } from '../../../src/core/patience.ts'

const SLUG = 'a'.repeat(64)

test('no time is longer than a timer can wait, or it would be over at once', () => {
  const { release } = startRequest({
    port: 5000,
    stack: { slug: SLUG, process_types: [['web', 'true']], config: {}, caller: {} },
    patience: { boot: 1e13, grace: 5000 },
    updates: [],
    router: { host: null, tls: false, request: '1e400' },
  })
  const { patience, router } = release
  assert.deepEqual([patience.boot, patience.grace, router?.request], [LONGEST_WAIT, 5000, LONGEST_WAIT])
})

const QUANTITIES: readonly (readonly [quantity: unknown, understood: string | RegExp])[] = [
  [2, '2'],
  [0, '0'],
  ['2', '2'],
  ['+1', '+1'],
  ['-1', '-1'],
  [-1, /^A 'quantity' is a number from 0, or text such as "\+1" or "-1"\.$/],
  [[1], /^A 'quantity' is a number from 0/],
  [null, /^A 'quantity' is a number from 0/],
  [true, /^A 'quantity' is a number from 0/],
  [{}, /^A 'quantity' is a number from 0/],
  [1.5, /is no whole number/],
  ['1.5', /is no whole number/],
  ['x', /is no number/],
]

for (const [quantity, understood] of QUANTITIES) {
  test(`a quantity of ${JSON.stringify(quantity)} is ${understood}`, () => {
    const scale = () => scaleRequest({ updates: [{ type: 'web', quantity }] })[0]!.quantity!
    if (typeof understood !== 'string') return assert.throws(scale, { code: 'invalid', message: understood })
    const { sign, count } = scale()
    assert.equal(`${sign}${count}`, understood)
  })
}

test('what an update leaves out stays as it is', () => {
  const updates = [{ type: 'web', size: null }, { type: 'web' }]
  for (const { quantity, size } of scaleRequest({ updates })) assert.deepEqual([quantity, size], [null, null])
})

test('a size that is no text is refused by its name', () => {
  const updates = [{ type: 'web', size: 5 }]
  assert.throws(() => scaleRequest({ updates }), { code: 'invalid', message: "'size' must be text." })
})
