import assert from 'node:assert/strict'
import test from 'node:test'
import { emptyBoard } from '../../src/tui/board.ts'
import { type Mode, typing } from '../../src/tui/mode.ts'
import { openMouseActs } from '../../src/tui/mouse-acts.ts'
import { deskWith } from './desk.ts'
import { line } from './seen.ts'

test('the wheel moves what is seen: the log, a page or the palette, and nothing behind it', () => {
  const desk = deskWith(emptyBoard('widgets'), { linesBefore: () => [] })
  desk.log.push(Array.from({ length: 100 }, (_, n) => line('web.1', `line ${n}`)))
  const mouse = openMouseActs(desk, () => assert.fail('an order'))
  const rows = desk.layout().main.height
  const wheel = (direction: 'up' | 'down', mode: Mode): Mode => {
    desk.become({ mode })
    mouse({ does: `wheel ${direction}`, x: 100, y: 10 })
    return desk.board().mode
  }
  const page = (from: number): Mode => ({ is: 'page', lines: Array(rows * 2).fill(['a', 'b']), from })
  assert.deepEqual(wheel('down', page(0)), page(rows))
  assert.deepEqual(wheel('down', page(rows)), page(rows))
  assert.deepEqual(wheel('up', page(rows)), page(0))
  assert.deepEqual(wheel('up', page(0)), page(0))
  const palette = (at: number): Mode => ({ is: 'palette', text: '', at })
  assert.deepEqual(wheel('down', palette(0)), palette(1))
  assert.deepEqual(wheel('up', palette(0)), palette(0))
  wheel('up', typing('run', 'ls'))
  assert.deepEqual([desk.board().up, desk.board().isHeld], [0, false])
  wheel('up', { is: 'look' })
  assert.equal(desk.board().up, 3)
})
