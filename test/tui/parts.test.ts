import assert from 'node:assert/strict'
import test from 'node:test'
import { fitted, fittedEnd, inverted, sliced, wrapped } from '../../src/tui/coloured.ts'
import { drawable } from '../../src/tui/drawable.ts'
import { layoutOf, within } from '../../src/tui/layout.ts'
import { readTerminal, takeMouse } from '../../src/tui/mouse.ts'
import { selectedText, withSelection } from '../../src/tui/selection.ts'
import { styleOf, themeOf } from '../../src/tui/theme.ts'
import { measured, sparkline } from '../../src/tui/usage.ts'

const PLAIN = { listWidth: null, isZoomed: false }

test('the mouse is told apart from what is typed', () => {
  const { events, typed } = takeMouse(
    'a\u001b[<0;10;5Mb\u001b[<32;11;6M\u001b[<0;11;6m\u001b[<64;1;1M\u001b[<69;1;1M',
  )
  assert.equal(typed, 'ab')
  assert.deepEqual(events, [
    { does: 'press', x: 9, y: 4 },
    { does: 'drag', x: 10, y: 5 },
    { does: 'release', x: 10, y: 5 },
    { does: 'wheel up', x: 0, y: 0 },
    { does: 'wheel down', x: 0, y: 0 },
  ])
})

test('what a terminal sends is whole, wherever it was cut, and a lone ESC is not waited for', () => {
  const report = '\u001b[<64;10;5M'
  const bytes = Buffer.from(`日本${report}é😀`)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const read = readTerminal()
    const texts = [bytes.subarray(0, cut), bytes.subarray(cut)].map((chunk) => read(chunk).text)
    assert.equal(texts.join(''), `日本${report}é😀`, `cut at ${cut}`)
    const isInReport = cut >= 6 + 3 && cut < 6 + report.length // from the three characters on that no key begins with
    if (isInReport) assert.equal(texts[0], '日本', `cut at ${cut}`)
  }
  const read = readTerminal()
  assert.deepEqual(read('\u001b'), { text: '\u001b', isTorn: false })
  assert.deepEqual(read('a\u001b[<0;1'), { text: 'a', isTorn: true })
  assert.deepEqual(read(';2'), { text: '', isTorn: true })
  assert.deepEqual(read('Mb'), { text: '\u001b[<0;1;2Mb', isTorn: true })
  assert.deepEqual(read('c'), { text: 'c', isTorn: false })
  assert.deepEqual(read('d\u001b[20'), { text: 'd', isTorn: true })
  assert.deepEqual(read('0~e'), { text: '\u001b[200~e', isTorn: true })
})

test('a selection goes from cell to cell, in either direction, and its text has no colours', () => {
  const rows = ['one two', '\u001b[31mthree\u001b[39m   ', '日本 five']
  const selection = { from: { x: 4, y: 0 }, to: { x: 3, y: 2 } }
  assert.equal(selectedText(rows, selection), 'two\nthree\n日本')
  assert.equal(selectedText(rows, { from: selection.to, to: selection.from }), 'two\nthree\n日本')
  assert.deepEqual(withSelection(['abc', 'def'], { from: { x: 1, y: 1 }, to: { x: 1, y: 1 } }), [
    'abc',
    'd\u001b[7me\u001b[27mf',
  ])
})

test('colours take no cells, and wide characters two', () => {
  assert.equal(fitted('日本語', 5), '日本…')
  assert.equal(fitted('日本語', 4), '日… ')
  assert.equal(fitted('ab', 4), 'ab  ')
  assert.deepEqual(
    [fittedEnd('日本語', 6), fittedEnd('日本語', 5), fittedEnd('日本語', 4)],
    ['日本語', '…本語', '…語'],
  )
  assert.equal(sliced('\u001b[1m日本\u001b[0mab', 2, 5), '本a')
  assert.deepEqual(wrapped('\u001b[1m😀😀😀', 4), ['\u001b[1m😀😀', '  😀'])
  assert.equal(inverted('a\u001b[31mbc', 0, 2), '\u001b[7ma\u001b[27m\u001b[31m\u001b[7mb\u001b[27mc')
})

test('a line is drawn without characters that have no cell, and in colours that every terminal knows', () => {
  assert.equal(drawable('a\u200bb\u202ec\u00add\u2028e\ufefff'), 'abcdef')
  assert.equal(drawable('\u001b[2Ja\u001b[31mb'), 'a\u001b[31mb\u001b[0m')
  const colours = [
    ['38:2::255:0:7', '38;2;255;0;7'],
    ['1;48:2:1:2:3', '1;48;2;1;2;3'],
    ['38:5:208;4:3', '38;5;208;4'],
    ['4:0', '24'],
  ] as const
  for (const [sent, drawn] of colours) {
    assert.equal(drawable(`\u001b[${sent}mred\u001b[0m`), `\u001b[${drawn}mred\u001b[0m`)
  }
  assert.equal(drawable('\u001b[58:2::1:2:3mred\u001b[0m'), 'red\u001b[0m')
})

test('the panes fill every size from 40×10 on, and the list stands beside the log from 90 columns on', () => {
  for (const [columns, rows] of [
    [40, 10],
    [89, 24],
    [90, 24],
    [120, 40],
    [400, 100],
  ] as const) {
    for (const isZoomed of [false, true]) {
      const { list, rule, main, isTooSmall } = layoutOf({ columns, rows }, { listWidth: 60, isZoomed })
      assert.equal(isTooSmall, false)
      const cells = [list, rule, main].reduce((sum, { width, height }) => sum + width * height, 0)
      assert.equal(cells, columns * (rows - 3), `${columns}×${rows} ${isZoomed}`)
      assert.ok(main.width >= 39 && main.height >= 4)
    }
  }
  assert.equal(layoutOf({ columns: 39, rows: 24 }, PLAIN).isTooSmall, true)
  const { main } = layoutOf({ columns: 100, rows: 24 }, PLAIN)
  assert.deepEqual(within(main, { x: 33, y: 1 }), { x: 0, y: 0 })
  assert.equal(within(main, { x: 32, y: 1 }), undefined)
})

test('the theme is what the terminal says, and without colours there are none', () => {
  assert.equal(themeOf({}), 'dark')
  assert.equal(themeOf({ COLORFGBG: '0;15' }), 'light')
  assert.equal(themeOf({ COLORFGBG: '0;15', NO_COLOR: '1' }), 'mono')
  const line = '2026-11-24T19:44:06.000000+00:00 app[run.1]: \u001b[31mred\u001b[0m'
  assert.equal(styleOf('mono').line(line), '2026-11-24T19:44:06.000000+00:00 app[run.1]: red')
  assert.equal(styleOf('mono').as('good', 'up'), 'up')
  assert.ok(styleOf('dark').line(line).includes('\u001b[33m'))
  assert.ok(!styleOf('light').line(line).includes('\u001b[33m'))
})

test('how busy dynos and the router are is what came between two measurements', () => {
  const dyno = { name: 'web.1', memory: 10, memory_quota: 100, cpu: 1, restarts: 0, port: 5001 }
  const first = measured(undefined, { requests: 5, grace: 30, dynos: [dyno] }, 1000)
  assert.deepEqual([first.rates, first.dynos.get('web.1')!.cpu], [[], null])
  const second = measured(first, { requests: 25, grace: 30, dynos: [{ ...dyno, cpu: 2, memory: 20 }] }, 3000)
  assert.deepEqual([second.rates, second.dynos.get('web.1')!.cpu], [[10], 0.5])
  assert.deepEqual(second.dynos.get('web.1')!.memories, [10, 20])
  const next = measured(
    second,
    { requests: 25, grace: 30, dynos: [{ ...dyno, cpu: 0.1, restarts: 1 }] },
    4000,
  )
  assert.deepEqual([next.rates, next.dynos.get('web.1')!.cpu], [[10, 0], null])
  assert.equal(sparkline([0, 1, 2], 5), '  ▁▅█')
  assert.equal(sparkline([0, 0], 2), '▁▁')
})
