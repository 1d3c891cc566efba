import assert from 'node:assert/strict'
import test from 'node:test'
import { startRequest } from '../../../src/core/api/formation-api.ts'
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
