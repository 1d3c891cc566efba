import assert from 'node:assert/strict'
import test from 'node:test'
import { emptyBoard, moved, withDynos } from '../../src/tui/board.ts'
import { intentOf, KEYS, ordersWith } from '../../src/tui/keys.ts'
import { typing } from '../../src/tui/mode.ts'
import { paint } from '../../src/tui/paint.ts'
import { openScrollBack } from '../../src/tui/scroll-back.ts'
import { styleOf } from '../../src/tui/theme.ts'
import { dyno, line, PLAIN, scene } from './seen.ts'

const MB = 2 ** 20

/** Eight rows for the list, and as many for the log. */
const SIZE = { columns: 100, rows: 11 }

test('a picture has the app, its dynos by type with state and age, and the newest lines', () => {
  const log = openScrollBack()
  log.push([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => line('web.1', `line ${n}`)))
  const board = {
    ...withDynos(emptyBoard('widgets'), [dyno('web.1'), dyno('worker.1', 'crashed')]),
    url: 'http://localhost:5000/',
  }
  const painted = paint(board, scene(SIZE, { log }))
  assert.equal(painted.head, ' widgets  1 of 2 up  http://localhost:5000/')
  assert.deepEqual(painted.list, [
    ' web',
    '› ● web.1                up  2m ',
    ' worker',
    '  ✖ worker.1        crashed  2m ',
  ])
  const numbers = [2, 3, 4, 5, 6, 7, 8, 9]
  assert.deepEqual(
    painted.main,
    numbers.map((n) => `19:44:06 web.1: line ${n}`),
  )
  assert.equal(painted.detail, ' web.1  Basic  v3  node web.1')
  assert.match(painted.foot, /^ ↑↓ select {2}⏎ its log.* q quit$/)
  const still = paint({ ...board, up: 1, isHeld: true, fresh: 7, hasTimes: false }, scene(SIZE, { log }))
  assert.deepEqual(
    still.main,
    numbers.map((n) => `web.1: line ${n - 1}`),
  )
  assert.match(still.head, / stands still, 7 new · End follows /)
})

test('where there is room, the list has restarts, processor, memory and how that went', () => {
  const use = {
    ...{ memory: 128 * MB, memory_quota: 512 * MB, restarts: 2, port: 5001, cpu: 0.254, cpuSeconds: 1 },
    memories: [0, 64, 128, 256, 512].map((megabytes) => megabytes * MB),
  }
  const usage = { at: 0, requests: 40, rates: [0, 4.24], dynos: new Map([['web.1', use]]) }
  const board = { ...withDynos(emptyBoard('widgets'), [dyno('web.1')]), usage, url: 'http://localhost:5000/' }
  const painted = paint(board, scene({ columns: 120, rows: 40 }))
  assert.deepEqual(painted.list, ['› ● web.1              up  2m  ↻2  25%  128M  ▁▂▃▅█ '])
  assert.match(painted.head, /▁█ 4\.2 req\/s$/)
  assert.equal(
    painted.detail,
    ' web.1  Basic  v3  port 5001  2 restarts  25% cpu  128M of 512M ▁▂▃▅█  node web.1',
  )
})

test('a dyno that waits for input is marked, and its prompt stands below the log', () => {
  const prompts = [{ ps: 'web.1', text: 'name? ', since: 0 }]
  const board = { ...withDynos(emptyBoard('widgets'), [dyno('web.1')]), prompts }
  const { list, main } = paint(board, scene(SIZE))
  assert.deepEqual(list, ['› ▸ web.1     waiting for input '])
  assert.deepEqual(main, ['       … web.1: name? '])
})

test('a dyno that waits for input keeps its number, with few words where there is little room', () => {
  const prompts = [{ ps: 'worker.1', text: 'name? ', since: 0 }]
  const board = { ...withDynos(emptyBoard('widgets'), [dyno('worker.1')]), prompts }
  const { list } = paint(board, scene({ columns: 120, rows: 40 }))
  assert.match(list[0]!, /^› ▸ worker\.1 +input\? /)
  assert.equal(list[0]!.length, 52)
  assert.deepEqual(paint(board, scene(SIZE)).list, ['› ▸ worker.1  waiting for input '])
})

test('only those prompts are shown that have the text of the filter', () => {
  const prompts = ['name? ', 'age? '].map((text, i) => ({ ps: `web.${i + 1}`, text, since: 0 }))
  const shown = (filter: string) =>
    paint({ ...emptyBoard('widgets'), prompts, filter, hasTimes: false }, scene(SIZE)).main
  assert.deepEqual(shown('NAME'), ['web.1: name? '])
  assert.deepEqual(shown('-p web.2'), ['web.2: age? '])
  assert.deepEqual(shown('-p web.2 name'), [])
})

test('of a line that is typed the end is always seen', () => {
  const typed = (text: string) =>
    paint({ ...emptyBoard('widgets'), mode: typing('run', text) }, scene({ columns: 40, rows: 20 })).detail
  assert.equal(typed('ls'), ' run: ls█')
  assert.equal(typed(`${'x'.repeat(50)}the end`), ` run: …${'x'.repeat(25)}the end█`)
  assert.equal(typed(`${'日'.repeat(50)}`), ` run: …${'日'.repeat(16)}█`)
})

test('a list that is longer than its pane shows the selected dyno', () => {
  const dynos = Array.from({ length: 40 }, (_, i) => dyno(`web.${i + 1}`))
  const board = moved(withDynos(emptyBoard('widgets'), dynos), 30)
  const { list } = paint(board, scene(SIZE))
  assert.equal(list.length, 8)
  assert.ok(list.some((row) => row.startsWith('› ● web.31 ')))
})

test('a long line is cut, or whole over several rows when lines are wrapped', () => {
  const log = openScrollBack()
  log.push([line('web.1', '日本'.repeat(20))])
  const board = { ...emptyBoard('widgets'), wraps: true, hasTimes: false }
  const { main } = paint(board, scene({ columns: 40, rows: 20 }, { log }))
  assert.deepEqual(main, [`web.1: ${'日本'.repeat(8)}`, `  ${'日本'.repeat(9)}日`, '  本日本日本'])
})

test('of a line that is higher than the pane the end is seen, and its beginning when it stands still', () => {
  const log = openScrollBack()
  log.push([line('web.1', `begin${'.'.repeat(2000)}end`)])
  const shown = (isHeld: boolean) =>
    paint({ ...emptyBoard('widgets'), wraps: true, isHeld }, scene(SIZE, { log })).main.join('\n')
  assert.match(shown(false), /^ {2}\.{65}\n[\s\S]*end$/)
  assert.match(shown(true), /^19:44:06 web\.1: begin[\s\S]*\.$/)
})

test('what was looked for is marked in each line', () => {
  const log = openScrollBack()
  log.push([line('web.1', 'one Two three')])
  const board = { ...emptyBoard('widgets'), found: 'two', hasTimes: false }
  const { main } = paint(board, scene(SIZE, { log, style: PLAIN }))
  assert.deepEqual(main, ['web.1: one \u001b[7mTwo\u001b[27m three'])
})

test('what is found is inverted where it is seen, whatever the colours and however wide the letters', () => {
  const marked = (message: string, found: string) => {
    const log = openScrollBack()
    log.push([message])
    const [row] = paint(
      { ...emptyBoard('widgets'), found },
      scene(SIZE, { log, style: styleOf('dark') }),
    ).main
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is inverted, colours and all
    const inside = [...row!.matchAll(/\x1b\[7m(.*?)\x1b\[27m/g)].map((match) => match[1])
    return inside.join('')
  }
  assert.equal(marked(line('web.1', 'took 36 ms'), '36'), '36')
  assert.equal(marked(line('web.1', '日本語 error here'), 'ERROR'), 'error')
  assert.equal(marked(line('web.1', '日本語 error here'), '本'), '本')
  const routed = line('router', 'at=error code=H12 desc="Request timeout" status=503', 'heroku')
  assert.equal(marked(routed, 'at=error'), 'at=error')
})

test('no two keys of the dashboard are one, and help and palette list all orders', () => {
  const keys = KEYS.flatMap((order) => order.keys)
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(intentOf('S-g'), 'follow')
  assert.equal(intentOf('F12'), undefined)
  assert.equal(ordersWith('').length, KEYS.length - 1)
  assert.equal(ordersWith('scale')[0]!.intent, 'scale')
  assert.deepEqual(ordersWith('no such order'), [])
})
