import assert from 'node:assert/strict'
import test from 'node:test'
import { SLUG } from './fake-client.ts'
import { OTHER, opened, stack, WEB, WITH_COMMAND } from './fake-releases.ts'

test('types that a release has lost end, and those that it brings begin where all were started', async () => {
  for (const [starts, expected] of [
    [true, ['worker.1 stopping v1', 'other.1 up v2']],
    [false, ['worker.1 stopping v1']],
  ] as const) {
    const { start, release, lives } = opened()
    await start({ starts_new_types: starts })
    await release({ stack: stack(OTHER, { other: 'node other.js', console: 'irb' }) })
    assert.deepEqual(lives(), expected)
  }
})

test('a dyno whose command, config vars and port are the same goes on where the files are said to be the same', async () => {
  const types = { ...WEB, other: 'node other.js' }
  const both = {
    stack: stack(SLUG, types),
    updates: [
      { type: 'worker', quantity: 1 },
      { type: 'other', quantity: 1 },
    ],
  }
  const goesOn = async (next: Record<string, string>, parts: Record<string, unknown>) => {
    const { start, release, lives } = opened()
    await start(both)
    await release({ stack: stack(OTHER, next), same_files_as: SLUG, ...parts })
    return lives()
  }
  const changed = { ...types, other: 'node another.js' }
  assert.deepEqual(await goesOn(changed, {}), ['worker.1 up v2', 'other.1 stopping v1'])
  assert.deepEqual(await goesOn(changed, { same_files_as: OTHER }), [
    'worker.1 stopping v1',
    'other.1 stopping v1',
  ])
  assert.deepEqual(await goesOn(changed, { same_files_as: null }), [
    'worker.1 stopping v1',
    'other.1 stopping v1',
  ])
  const config = { ...stack(OTHER, changed), config: { A: '2' } }
  assert.deepEqual(await goesOn(changed, { stack: config }), ['worker.1 stopping v1', 'other.1 stopping v1'])
  const moved = { first: 'x', ...types }
  assert.deepEqual(
    await goesOn(moved, {}),
    ['worker.1 stopping v1', 'other.1 stopping v1'],
    'their ports are others',
  )
})

test('a release can come without its command', async () => {
  const { start, release, list, lives } = opened()
  await start()
  await release({ stack: stack(OTHER, WITH_COMMAND), without_command: true })
  assert.deepEqual(lives(), ['worker.1 stopping v1'])
  assert.equal((await list()).at(-1), 'v2 Deploy cdcdcdcd succeeded *')
})
