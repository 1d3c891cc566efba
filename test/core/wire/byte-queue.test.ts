import assert from 'node:assert/strict'
import test from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { queueBytes } from '../../../src/core/wire/byte-queue.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** All that is taken, as a text and its label each. */
function takeAll(queue: ReturnType<typeof queueBytes<string>>, limit: number): string[] {
  const taken: string[] = []
  for (let next = queue.take(limit); next; next = queue.take(limit)) {
    assert.ok(next.bytes.length <= limit)
    taken.push(`${next.label}:${Buffer.from(next.bytes)}`)
  }
  return taken
}

test('bytes are taken in the order in which they came, those of one label together', () => {
  const queue = queueBytes<string>()
  for (const [text, label] of Object.entries({ a: '1', b: '1', c: '2', d: '1' }))
    queue.push(bytes(text), label)
  queue.push(bytes(''), '3')
  assert.equal(queue.length, 4)
  assert.deepEqual(takeAll(queue, 100), ['1:ab', '2:c', '1:d'])
  assert.equal(queue.length, 0)
})

test('no more is taken than is asked for, and what is put back comes first', () => {
  const queue = queueBytes<string>()
  queue.push(bytes('hello'), '1')
  queue.push(bytes('world'), '1')
  assert.equal(`${Buffer.from(queue.take(7)!.bytes)}`, 'hellowo')
  queue.putBack(bytes('wo'), '1')
  queue.putBack(bytes(''), '1')
  assert.equal(queue.length, 5)
  assert.deepEqual(takeAll(queue, 3), ['1:wor', '1:ld'])
  queue.putBack(bytes('x'), '2')
  queue.clear()
  assert.equal(queue.take(1), undefined)
  assert.equal(queue.length, 0)
})

test('of what was taken nothing is held on to', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const queue = queueBytes<string>()
  const push = () => {
    const pushed = new Uint8Array(1000)
    queue.push(pushed, '1')
    return new WeakRef(pushed)
  }
  const pushed = [push(), push(), push()]
  queue.take(2500)
  queue.take(2500)
  await new Promise((resolve) => setImmediate(resolve)) // what was made in a turn is not collected in it
  collect()
  assert.deepEqual(
    pushed.map((each) => each.deref()),
    [undefined, undefined, undefined],
  )
  queue.push(bytes('more'), '1')
  assert.deepEqual(takeAll(queue, 9), ['1:more'])
})

test('nothing is lost or put elsewhere, however much is pushed and taken', () => {
  const push = fc.tuple(fc.string({ maxLength: 20 }), fc.constantFrom('1', '2'))
  const step = fc.oneof(push, fc.integer({ min: 1, max: 15 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = queueBytes<string>()
      const [pushed, taken] = [[] as string[], [] as string[]]
      const read = (next: ReturnType<typeof queue.take>) => {
        if (next) taken.push(...[...next.bytes].map((byte) => `${next.label}${byte}`))
        return next !== undefined
      }
      for (const each of steps) {
        if (typeof each === 'number') read(queue.take(each))
        else {
          queue.push(bytes(each[0]), each[1])
          pushed.push(...[...bytes(each[0])].map((byte) => `${each[1]}${byte}`))
        }
        assert.equal(queue.length, pushed.length - taken.length)
      }
      while (read(queue.take(7)));
      assert.deepEqual(taken, pushed)
    }),
  )
})

test('a hundred thousand bytes that come and go one by one are no trouble', () => {
  const queue = queueBytes<number>()
  for (let i = 0; i < 100_000; i++) queue.push(Uint8Array.of(i), i % 2)
  for (let i = 0; i < 100_000; i++) assert.equal(queue.take(10)!.bytes[0], i & 0xff)
  assert.equal(queue.take(10), undefined)
})
