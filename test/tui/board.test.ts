import assert from 'node:assert/strict'
import test from 'node:test'
import { changed, emptyBoard, grown, moved, scrolled, waitsForInput, withDynos } from '../../src/tui/board.ts'
import { dyno } from './seen.ts'

test('dynos are listed by type and number, and the first one is selected', () => {
  const board = withDynos(emptyBoard('widgets'), [dyno('worker.1'), dyno('web.10'), dyno('web.2')])
  assert.deepEqual(
    board.dynos.map(({ name }) => name),
    ['web.2', 'web.10', 'worker.1'],
  )
  assert.equal(board.selected, 'web.2')
})

test('who is selected stays so while it is there, and its log is all again when it is gone', () => {
  const two = moved(withDynos(emptyBoard('widgets'), [dyno('web.1'), dyno('web.2')]), 1)
  const alone = { ...two, isAlone: true }
  assert.equal(withDynos(alone, [dyno('web.2'), dyno('web.1'), dyno('clock.1')]).selected, 'web.2')
  const gone = withDynos(alone, [dyno('web.1')])
  assert.deepEqual([gone.selected, gone.isAlone], ['web.1', false])
  assert.equal(withDynos(alone, []).selected, null)
})

test('the list has ends', () => {
  const board = withDynos(emptyBoard('widgets'), [dyno('web.1'), dyno('web.2')])
  assert.equal(moved(board, -1).selected, 'web.1')
  assert.equal(moved(moved(board, 1), 1).selected, 'web.2')
  assert.equal(moved(emptyBoard('widgets'), 1).selected, null)
})

test('who looks at older lines is not moved along by new ones, and is told how many there are', () => {
  const board = scrolled(emptyBoard('widgets'), 5, 100)
  const later = grown(board, { passing: 3, kept: 3 })
  assert.deepEqual([later.up, later.fresh], [8, 3])
  const unread = grown(later, { passing: 1000, kept: 0 })
  assert.deepEqual([unread.up, unread.fresh], [8, 1003])
  const following = grown(emptyBoard('widgets'), { passing: 3, kept: 3 })
  assert.deepEqual([following.up, following.fresh], [0, 0])
  const end = scrolled(later, -100, 103)
  assert.deepEqual([end.up, end.fresh], [0, 0])
  assert.equal(scrolled(board, 1000, 100).up, 99)
})

test('a dyno whose line stands unfinished for a while waits for input', () => {
  const board = { ...emptyBoard('widgets'), prompts: [{ ps: 'web.1', text: '> ', since: 1000 }] }
  assert.equal(waitsForInput(board, 'web.1', 1600), false)
  assert.equal(waitsForInput(board, 'web.1', 1700), true)
  assert.equal(waitsForInput(board, 'web.2', 1700), false)
})

test('who selects another dyno while a terminal has the keys has them back', () => {
  const dynos = [dyno('quiet.1'), dyno('web.1')]
  const joined = {
    ...{ ...withDynos(emptyBoard('widgets'), dynos), terminals: ['quiet.1'] },
    mode: { is: 'terminal' } as const,
  }
  assert.equal(changed(joined, { notice: 'a word' }).mode.is, 'terminal')
  assert.equal(changed(joined, { selected: 'web.1' }).mode.is, 'look')
  assert.equal(changed({ ...joined, terminals: ['quiet.1', 'web.1'] }, moved(joined, 1)).mode.is, 'look')
})
