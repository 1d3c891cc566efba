import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { openMailbox } from '../../src/manifold/mailbox.ts'

test('what is posted while an event is handled comes after it, and the rest when nothing waits', () => {
  const done: unknown[] = []
  const post = openMailbox<number>(
    (event) => {
      if (event < 3) post(event + 1)
      done.push(event)
    },
    () => done.push('rest'),
  )
  post(1)
  post(3)
  assert.deepEqual(done, [1, 2, 3, 'rest', 3, 'rest'])
})

test('an event that cannot be handled ends the program, though its poster is content', () => {
  const file = new URL('../../src/manifold/mailbox.ts', import.meta.url)
  const program = `import { openMailbox } from '${file}'
    const post = openMailbox(() => { throw new Error('ours') }, () => {})
    try { post('an event') } catch {}
    setTimeout(() => {}, 60_000)`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program])
  assert.equal(status, 1)
  assert.match(String(stderr), /Error: ours/)
})
