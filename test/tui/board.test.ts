import assert from 'node:assert/strict'
import test from 'node:test'
import { emptyBoard, grown, moved, scrolled, withDynos } from '../../src/tui/board.ts'
import { intentOf, KEYS } from '../../src/tui/keys.ts'
import { paint, type Style } from '../../src/tui/paint.ts'
import { openScrollBack } from '../../src/tui/scroll-back.ts'

const dyno = (name: string, state = 'up') => {
  return { name, type: name.split('.')[0]!, state, since: 0, command: `node ${name}`, size: 'Basic' }
}
const PLAIN: Style = { colour: (_, text) => text, line: (line) => line }
const line = (ps: string, message: string) => `2026-11-24T19:44:06.000000+00:00 app[${ps}]: ${message}`
const LOOK = { list: { columns: 32, rows: 10 }, lines: { columns: 60, rows: 4 }, now: 125_000, style: PLAIN }

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
  const later = grown(board, 3)
  assert.deepEqual([later.up, later.fresh], [8, 3])
  assert.deepEqual([grown(emptyBoard('widgets'), 3).up, grown(emptyBoard('widgets'), 3).fresh], [0, 0])
  const end = scrolled(later, -100, 103)
  assert.deepEqual([end.up, end.fresh], [0, 0])
  assert.equal(scrolled(board, 1000, 100).up, 99)
})

test('lines are kept up to a number, and one dyno’s alone can be looked through', () => {
  const log = openScrollBack(100)
  for (let n = 0; n < 300; n += 10) {
    log.push(Array.from({ length: 10 }, (_, i) => line(i % 2 ? 'web.1' : 'web.2', `line ${n + i}`)))
  }
  assert.ok(log.count() >= 100 && log.count() <= 125)
  assert.equal(log.page(0, 1)[0], line('web.1', 'line 299'))
  assert.equal(log.page(2, 1)[0], line('web.1', 'line 297'))
  log.choose('web.2')
  assert.equal(log.page(0, 1)[0], line('web.2', 'line 298'))
  log.push([line('web.1', 'later'), line('web.2', 'latest')])
  assert.deepEqual(log.page(0, 2), [line('web.2', 'line 298'), line('web.2', 'latest')])
  log.choose(null)
  assert.deepEqual(log.page(0, 2), [line('web.1', 'later'), line('web.2', 'latest')])
  assert.deepEqual(log.page(1_000_000, 10), [])
})

test('a text is found in older and newer lines, whatever its case', () => {
  const log = openScrollBack()
  log.push(['an Error', 'b', 'another error', 'd'].map((text) => line('web.1', text)))
  assert.equal(log.find('ERROR', { up: -1, older: true }), 1)
  assert.equal(log.find('error', { up: 1, older: true }), 3)
  assert.equal(log.find('error', { up: 3, older: true }), undefined)
  assert.equal(log.find('error', { up: 3, older: false }), 1)
})

test('a picture has the app, its dynos with state and age, and the newest lines', () => {
  const log = openScrollBack()
  log.push([1, 2, 3, 4, 5].map((n) => line('web.1', `line ${n}`)))
  const board = {
    ...withDynos(emptyBoard('widgets'), [dyno('web.1'), dyno('worker.1', 'crashed')]),
    url: 'http://localhost:5000/',
  }
  const painted = paint(board, log, LOOK)
  assert.equal(painted.head, ' widgets  1 of 2 up  http://localhost:5000/')
  assert.deepEqual(painted.list, ['› ● web.1                 up 2m ', '  ✖ worker.1         crashed 2m '])
  assert.deepEqual(
    painted.log,
    [2, 3, 4, 5].map((n) => `19:44:06 web.1: line ${n}`),
  )
  assert.equal(painted.detail, ' web.1  Basic  node web.1')
  assert.match(painted.foot, /^ ↑↓ select {2}⏎ its log/)
  const still = paint({ ...board, up: 1, fresh: 7, hasTimes: false }, log, LOOK)
  assert.deepEqual(
    still.log,
    [1, 2, 3, 4].map((n) => `web.1: line ${n}`),
  )
  assert.match(still.foot, /stands still, 7 new · End follows/)
})

test('a list that is longer than its pane shows the selected dyno', () => {
  const dynos = Array.from({ length: 40 }, (_, i) => dyno(`web.${i + 1}`))
  const board = moved(withDynos(emptyBoard('widgets'), dynos), 30)
  const { list } = paint(board, openScrollBack(), LOOK)
  assert.equal(list.length, 10)
  assert.ok(list.some((row) => row.startsWith('› ● web.31 ')))
})

test('a long line is cut, or whole over several rows when lines are wrapped', () => {
  const log = openScrollBack()
  log.push([line('web.1', 'x'.repeat(100))])
  const board = { ...emptyBoard('widgets'), wraps: true, hasTimes: false }
  const rows = paint(board, log, LOOK).log
  assert.deepEqual(
    rows.map((row) => row.length),
    [60, 49],
  )
  assert.equal(rows.map((row) => row.replace(/^ {2}/, '')).join(''), `web.1: ${'x'.repeat(100)}`)
})

test('what was looked for is marked in each line', () => {
  const log = openScrollBack()
  log.push([line('web.1', 'one Two three')])
  const style = {
    ...PLAIN,
    colour: (code: number | string, text: string) => (code === 7 ? `[${text}]` : text),
  }
  const board = { ...emptyBoard('widgets'), found: 'two', hasTimes: false }
  assert.deepEqual(paint(board, log, { ...LOOK, style }).log, ['web.1: one [Two] three'])
})

test('no two keys of the dashboard are one, and help lists all of them', () => {
  const keys = KEYS.flatMap(({ keys }) => keys)
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(intentOf('S-g'), 'follow')
  assert.equal(intentOf('z'), undefined)
  const tall = { ...LOOK, lines: { columns: 60, rows: 40 } }
  const helped = (from: number, look = LOOK) => {
    return paint({ ...emptyBoard('widgets'), mode: { is: 'help', from } }, openScrollBack(), look).log
  }
  assert.equal(helped(0, tall).length, KEYS.length)
  assert.deepEqual(helped(4), helped(0, tall).slice(4, 8))
})
