import assert from 'node:assert/strict'
import test from 'node:test'
import { isError, parseChoice } from '../../src/tui/log-choice.ts'
import { MOST, openScrollBack } from '../../src/tui/scroll-back.ts'
import { line } from './seen.ts'

const EVERYTHING = parseChoice('')

test('lines are kept up to a number, and one dyno’s alone can be looked through', () => {
  const log = openScrollBack(100)
  for (let n = 0; n < 300; n += 10) {
    log.push(Array.from({ length: 10 }, (_, i) => line(i % 2 ? 'web.1' : 'web.2', `line ${n + i}`)))
  }
  assert.ok(log.count() >= 100 && log.count() <= 125)
  assert.equal(log.first(), 300 - log.count())
  assert.equal(log.page(0, 1)[0], line('web.1', 'line 299'))
  assert.equal(log.page(2, 1)[0], line('web.1', 'line 297'))
  log.choose(parseChoice('-p web.2'))
  assert.equal(log.page(0, 1)[0], line('web.2', 'line 298'))
  assert.equal(log.push([line('web.1', 'later'), line('web.2', 'latest')]).passing, 1)
  assert.deepEqual(log.page(0, 2), [line('web.2', 'line 298'), line('web.2', 'latest')])
  log.choose(EVERYTHING)
  assert.deepEqual(log.page(0, 2), [line('web.1', 'later'), line('web.2', 'latest')])
  assert.deepEqual(log.page(1_000_000, 10), [])
})

test('what is thrown away while one dyno’s lines are looked through is theirs as well', () => {
  const log = openScrollBack(8)
  log.choose(parseChoice('-p web.2'))
  for (let n = 0; n < 40; n += 2) log.push([line('web.1', `${n}`), line('web.2', `${n + 1}`)])
  assert.ok(log.count() <= 5, `${log.count()}`)
  assert.equal(log.page(0, 1)[0], line('web.2', '39'))
})

test('older lines can be put before, as many as anybody scrolls, until they are not looked at any more', () => {
  const log = openScrollBack(10)
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => line('web.1', `line ${from + i}`))
  log.push(numbered(0, 10))
  assert.equal(log.prepend(numbered(-50, 0)), 50)
  assert.deepEqual([log.count(), log.first()], [60, -50])
  log.push(numbered(10, 12))
  assert.equal(log.page(61, 1)[0], line('web.1', 'line -50'))
  log.trim()
  assert.deepEqual([log.count(), log.first()], [10, 2])
})

test('while the log stands still nothing is thrown away, and what there is no room for is read later', () => {
  const log = openScrollBack(10)
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => line('web.1', `line ${from + i}`))
  log.push(numbered(0, 10))
  assert.deepEqual(log.push(numbered(10, 1000), true), { passing: 990, kept: 990 })
  assert.deepEqual([log.first(), log.end(), log.unread()], [0, 1000, 0])
  assert.deepEqual(log.push(numbered(1000, 1000 + MOST), true), { passing: MOST, kept: 0 })
  log.skip(7, true)
  assert.deepEqual([log.first(), log.end(), log.unread()], [0, 1000, MOST + 7])
  log.readOn(numbered(1000, 1005))
  assert.deepEqual([log.end(), log.unread(), log.page(0, 1)[0]], [1005, MOST + 2, line('web.1', 'line 1004')])
  log.catchUp(numbered(1002 + MOST, 1007 + MOST))
  assert.deepEqual([log.first(), log.end(), log.unread()], [1002 + MOST, 1007 + MOST, 0])
  assert.equal(log.count(), 5)
})

test('lines that were left out take the place of those before them', () => {
  const log = openScrollBack(10)
  log.choose(parseChoice('-p web.1'))
  log.push([line('web.1', 'one'), line('web.2', 'two')])
  log.skip(100, false)
  assert.deepEqual([log.first(), log.count(), log.page(0, 5)], [102, 0, []])
  log.push([line('web.1', 'newest')])
  assert.deepEqual(log.page(0, 5), [line('web.1', 'newest')])
})

test('a text is found in older and newer lines, whatever its case', () => {
  const log = openScrollBack()
  log.push(['an Error', 'b', 'another error', 'd'].map((text) => line('web.1', text)))
  const [upper, lower] = [{ text: 'ERROR' }, { text: 'error' }]
  assert.equal(log.find(upper, { up: -1, older: true }), 1)
  assert.equal(log.find(lower, { up: 1, older: true }), 3)
  assert.equal(log.find(lower, { up: 3, older: true }), undefined)
  assert.equal(log.find(lower, { up: 3, older: false }), 1)
  assert.equal(log.find('error', { up: log.count(), older: false }), 3)
})

test('a text is found where it is seen, and not in colours, stamps and what else is not', () => {
  const log = openScrollBack()
  log.push([line('web.1', 'GET \u001b[32m200\u001b[0m'), line('web.1', 'in \u001b[1m3\u001b[0m2 ms')])
  const from = { up: -1, older: true }
  assert.equal(log.find({ text: 'web.1: get 200' }, from), 1)
  assert.equal(log.find({ text: '32' }, from), 0)
  assert.equal(log.find({ text: '32' }, { up: 0, older: true }), undefined)
  assert.equal(log.find({ text: '11-24T' }, from), undefined)
  log.choose(parseChoice('IN 32'))
  assert.equal(log.count(), 1)
  log.choose(parseChoice('[0m'))
  assert.equal(log.count(), 0)
})

test('a filter has the words of dyno logs, and any text', () => {
  assert.deepEqual(parseChoice('-p web.1 -s app not found'), {
    filter: { ps: 'web.1', source: 'app' },
    text: 'not found',
  })
  assert.deepEqual(parseChoice('--source=heroku'), { filter: { source: 'heroku' }, text: '' })
  assert.deepEqual(parseChoice(' -x '), { filter: {}, text: '-x' })
})

const ERRORS: readonly (readonly [line: string, isOne: boolean])[] = [
  [line('web.1', 'Fatal: no such table'), true],
  [line('web.1', 'an error occurred'), true],
  [line('web.1', 'terror'), false],
  [line('router', 'at=error code=H10 desc="App crashed"', 'heroku'), true],
  [line('router', 'at=info method=GET path="/error" status=200', 'heroku'), false],
  [line('web.1', 'State changed from up to crashed', 'heroku'), true],
  [line('web.1', 'Process exited with status 0', 'heroku'), false],
  [line('web.1', 'Process exited with status 143', 'heroku'), true],
  [line('web.1', 'Error R14 (Memory quota exceeded)', 'heroku'), true],
  [line('web.1', '\u001b[31mError\u001b[0m: no such table'), true],
  [line('web.1', "TypeError: Cannot read properties of undefined (reading 'id')"), true],
  [line('web.1', 'java.lang.NullPointerException: null'), true],
  [line('web.1', 'parse_error at line 3'), true],
  [line('web.1', 'TERROR, error_count=0'), false],
  [
    line('router', 'sock=backend at=error code=H18 desc="Server Request Interrupted" status=503', 'heroku'),
    true,
  ],
  [line('router', 'at=info method=GET path="/?at=error" status=200', 'heroku'), false],
  ['no line of a log', false],
]

for (const [text, isOne] of ERRORS) {
  test(`'${text.slice(33)}' ${isOne ? 'is' : 'is not'} an error`, () => assert.equal(isError(text), isOne))
}
