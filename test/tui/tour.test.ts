import assert from 'node:assert/strict'
import test from 'node:test'
import { type Board, emptyBoard } from '../../src/tui/board.ts'
import { layoutOf } from '../../src/tui/layout.ts'
import { paint } from '../../src/tui/paint.ts'
import { nextStep, STEPS, tourAt, toured, tourText } from '../../src/tui/tour.ts'
import { dyno, scene } from './seen.ts'

const FORMATION = [dyno('web.1'), dyno('worker.1')]

function at(step: number, changes: Partial<Board> = {}): Board {
  const board = { ...emptyBoard('app'), dynos: FORMATION }
  return { ...board, tour: tourAt(step, board, 1000), ...changes }
}

const goesOn = (board: Board) => toured(board, 2000)?.step !== board.tour?.step

test('a step of the tour is done when what it asks for has happened, and not before', () => {
  const done: readonly Partial<Board>[] = [
    { dynos: [...FORMATION, dyno('run.1')] },
    { dynos: FORMATION },
    { dynos: [...FORMATION, dyno('web.2')] },
    { dynos: [dyno('web.1'), { ...dyno('worker.1'), since: 1500 }] },
    { isAlone: true },
    { dynos: [dyno('web.1'), { ...dyno('worker.1', 'starting'), since: 1500 }] },
  ]
  const before: readonly Partial<Board>[] = [
    { dynos: [...FORMATION, dyno('run.1', 'starting')] },
    { dynos: [...FORMATION, dyno('run.1')] },
    { dynos: [...FORMATION, dyno('web.2', 'starting')] },
    { dynos: [dyno('web.1'), { ...dyno('worker.1', 'stopping'), since: 1500 }] },
    {},
    { dynos: [{ ...dyno('web.1'), since: 1500 }, dyno('worker.1')] },
  ]
  assert.equal(STEPS.length, done.length)
  for (const [step, changes] of done.entries()) {
    assert.ok(!goesOn(at(step, before[step])), `step ${step} waits`)
    assert.ok(goesOn(at(step, changes)), `step ${step} is done`)
  }
})

test('after the last step the tour says so, Tab begins again, and without a tour there is none', () => {
  const end = at(STEPS.length)
  assert.match(tourText(end.tour!)[0], /That is the model/)
  assert.ok(!goesOn(end))
  assert.equal(nextStep(end, 0)?.step, 0)
  assert.equal(nextStep(at(2), 0)?.step, 3)
  assert.equal(nextStep(emptyBoard('app'), 0), null)
  assert.equal(toured(emptyBoard('app'), 0), null)
})

test('the rows of the tour stand below the head, each as wide as the screen, and no pane lies over them', () => {
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
    { columns: 40, rows: 10 },
  ]) {
    const board = at(0)
    const layout = layoutOf(size, board)
    const painted = paint(board, scene(size, { layout }))
    assert.deepEqual([layout.tour.top, painted.tour.length], [1, layout.tour.height])
    for (const row of painted.tour) assert.equal([...row].length, size.columns)
    for (const pane of [layout.list, layout.main, layout.rule])
      assert.ok(pane.top >= 3 && pane.top + pane.height <= size.rows - 2 + 1, JSON.stringify(layout))
  }
  for (const { says } of STEPS) for (const row of says) assert.ok(row.length <= 88, row)
})
