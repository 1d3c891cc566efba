import assert from 'node:assert/strict'
import test from 'node:test'
import { openActs } from '../../src/tui/acts.ts'
import { emptyBoard } from '../../src/tui/board.ts'
import { sizeOf } from '../../src/tui/layout.ts'
import { paintLog } from '../../src/tui/paint-log.ts'
import { deskWith } from './desk.ts'
import { line, PLAIN } from './seen.ts'

test('pages of wrapped lines leave out none of them, in either direction', () => {
  const desk = deskWith({ ...emptyBoard('widgets'), wraps: true }, { linesBefore: () => [] })
  const lengths = [10, 700, 150, 65, 20, 3000, 300]
  const lines = Array.from({ length: 200 }, (_, n) => `<${n}>${'.'.repeat(lengths[n % 7]!)}`)
  desk.log.push(lines.map((text) => line('web.1', text)))
  const act = openActs(desk)
  for (const [intent, isOver] of [
    ['page up', () => desk.board().up === desk.log.count() - 1],
    ['page down', () => desk.board().up === 0],
  ] as const) {
    const seen = new Set<string>()
    const look = () => {
      const rows = paintLog(desk.board(), desk.log, { ...sizeOf(desk.layout().main), style: PLAIN })
      for (const row of rows) for (const [begun] of row.matchAll(/<\d+>/g)) seen.add(begun)
    }
    let pages = 0
    for (look(); !isOver(); look(), pages++) act(intent)
    assert.equal(seen.size, lines.length, intent)
    assert.ok(pages < lines.length / 2, `${pages} pages`)
  }
})
