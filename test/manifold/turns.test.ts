import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeTurns } from '../../src/manifold/turns.ts'

test('acts come one after the other, also behind one that fails', async () => {
  const inTurn = takeTurns()
  const done: string[] = []
  const first = inTurn(async () => {
    await Promise.resolve()
    done.push('first')
    throw new Error('it fails')
  })
  const second = inTurn(async () => done.push('second'))
  await assert.rejects(first, /it fails/)
  await second
  assert.deepEqual(done, ['first', 'second'])
})
