import assert from 'node:assert/strict'
import test from 'node:test'
import { emptyBoard, withDynos } from '../../src/tui/board.ts'
import { LOOK, typing } from '../../src/tui/mode.ts'
import { bracketed, pastedLine, readPastes } from '../../src/tui/paste.ts'
import { openModeKeys } from '../../src/tui/typing.ts'
import { deskWith, joinedLater, soon } from './desk.ts'
import { dyno } from './seen.ts'

const DYNOS = [dyno('quiet.1'), dyno('web.1')]
const opened = () => {
  const terminals = joinedLater()
  return { terminals, desk: deskWith(withDynos(emptyBoard('widgets'), DYNOS), terminals.orders) }
}

test('what is typed before a terminal is joined waits for it, and nobody joins it twice', async () => {
  const { terminals, desk } = opened()
  assert.equal(desk.terminals.typed('a'), 'a')
  desk.terminals.attach('quiet.1')
  assert.equal(desk.board().mode.is, 'joining')
  assert.equal(desk.terminals.typed('as'), '')
  assert.equal(desk.terminals.pasted('b'), true)
  await terminals.joins()
  assert.deepEqual([desk.board().mode.is, desk.board().selected], ['terminal', 'quiet.1'])
  assert.deepEqual(terminals.asked, ['quiet.1'])
  assert.deepEqual(terminals.written, ['as', 'b'])
  desk.terminals.typed('c')
  assert.deepEqual(terminals.written, ['as', 'b', 'c'])
})

test('Ctrl-] does not wait for a terminal; who wants it after all waits for the same', async () => {
  const { terminals, desk } = opened()
  desk.terminals.attach('quiet.1')
  assert.equal(desk.terminals.typed('x\u001dy'), 'y')
  assert.equal(desk.board().mode.is, 'look')
  desk.terminals.attach('quiet.1')
  await terminals.joins()
  assert.deepEqual([terminals.asked, terminals.written], [['quiet.1'], ['x']])
  assert.equal(desk.board().mode.is, 'terminal')
  desk.terminals.typed('\u001d')
  assert.deepEqual(desk.board().terminals, [])

  desk.terminals.attach('web.1')
  desk.terminals.typed('\u001d')
  await terminals.joins()
  assert.deepEqual(terminals.written.slice(1), ['quiet.1 is left', 'web.1 is left'])
  assert.deepEqual([desk.board().mode.is, desk.board().terminals], ['look', []])
})

test('a one-off that nobody waits for any more goes on, and has what was typed', async () => {
  const { terminals, desk } = opened()
  desk.terminals.run('cat')
  desk.terminals.typed('hello\r\u001d')
  await terminals.joins()
  assert.deepEqual(terminals.written, ['hello\r'])
  const { mode, selected } = desk.board()
  assert.deepEqual([mode.is, selected, desk.board().terminals], ['look', 'quiet.1', ['run.1']])
})

test('a terminal that cannot be joined gives the keys back and says why', async () => {
  const { terminals, desk } = opened()
  desk.terminals.attach('quiet.1')
  await terminals.fails('quiet.1 is not running.')
  assert.deepEqual([desk.board().mode, desk.board().notice], [LOOK, 'quiet.1 is not running.'])
})

test('a terminal that is joined when the dashboard is left is left as well', async () => {
  const { terminals, desk } = opened()
  desk.terminals.attach('quiet.1')
  desk.terminals.close()
  await terminals.joins()
  assert.deepEqual(terminals.written, ['quiet.1 is left'])
})

test('who types into a terminal that is scrolled back sees what he types', async () => {
  const { terminals, desk } = opened()
  desk.terminals.attach('quiet.1')
  await terminals.joins()
  const lines = Array.from({ length: 100 }, (_, n) => `line ${n}\r\n`).join('')
  await new Promise<void>((done) => terminals.heard[0]!.output(Buffer.from(lines), done))
  const isSeen = (text: string) => desk.terminals.rows()!.some((row) => row.startsWith(text))
  desk.terminals.scroll(60)
  assert.ok(!isSeen('line 99'))
  desk.terminals.typed('x')
  assert.ok(isSeen('line 99'))
})

test('a program is told what is pasted where it asked to be told', async () => {
  const { terminals, desk } = opened()
  desk.terminals.attach('quiet.1')
  await terminals.joins()
  desk.terminals.pasted('one\rtwo')
  await new Promise<void>((done) => terminals.heard[0]!.output(Buffer.from('\u001b[?2004h'), done))
  desk.terminals.pasted('three')
  assert.deepEqual(terminals.written, ['one\rtwo', bracketed('three')])
})

test('what is pasted orders nothing, and where a line is typed its first line is put in', async () => {
  const { desk } = opened()
  const { pasted } = openModeKeys(desk, () => assert.fail('an order'))
  pasted('s')
  assert.equal(desk.board().mode, LOOK)
  desk.become({ mode: typing('run', 'echo ') })
  pasted('hi\tyou\r\ns')
  assert.deepEqual(desk.board().mode, typing('run', 'echo hi you'))
  desk.become({ mode: { is: 'palette', text: 'st', at: 3 } })
  pasted('op\n')
  assert.deepEqual(desk.board().mode, { is: 'palette', text: 'stop', at: 0 })
  desk.become({ mode: { is: 'ask', about: 'stop all' } })
  pasted('y')
  assert.equal(desk.board().mode.is, 'ask')
  await soon()
  assert.equal(pastedLine('a\u001b[31mb'), 'a[31mb')
})

test('what is pasted is told from what is typed, wherever it was cut', () => {
  const all = `a${bracketed('one\rtwo')}b${bracketed('')}c`
  const whole = readPastes()(all)
  assert.deepEqual(
    whole.sent.map(({ text, isPasted }) => (isPasted ? [text] : text)),
    ['a', ['one\rtwo'], 'b', [''], 'c'],
  )
  assert.equal(whole.isInside, false)
  const begin = bracketed('').length / 2
  for (let cut = 0; cut <= all.length; cut++) {
    const isInMark = [all.indexOf('\u001b'), all.lastIndexOf('\u001b[200~')].some(
      (at) => cut > at && cut < at + begin,
    )
    if (isInMark) continue
    const read = readPastes()
    const sent = [read(all.slice(0, cut)), read(all.slice(cut))].flatMap((each) => each.sent)
    const pasted = sent.filter(({ isPasted }) => isPasted).map(({ text }) => text)
    const typed = sent.filter(({ isPasted }) => !isPasted).map(({ text }) => text)
    assert.deepEqual([typed.join(''), pasted], ['abc', ['one\rtwo', '']], `cut at ${cut}`)
  }
})
