import assert from 'node:assert/strict'
import test from 'node:test'
import {
  formatLogLine,
  type LogFilter,
  missedLine,
  passesFilter,
  textLines,
} from '../../../src/core/log/log.ts'
import { jsonLine } from '../../../src/core/log/log-json.ts'
import { openRing } from '../../../src/core/log/log-ring.ts'
import { sinceMoment } from '../../../src/core/log/since.ts'
import { Problem } from '../../../src/core/problem.ts'

const AT = Date.UTC(2026, 10, 23, 22, 59, 42)
const STAMPS: readonly (readonly [at: number, stamp: string])[] = [
  [AT, '2026-11-23T22:59:42.000000+00:00'],
  [AT + 7, '2026-11-23T22:59:42.007000+00:00'],
  [AT + 0.125, '2026-11-23T22:59:42.000125+00:00'],
  [AT + 999.9995, '2026-11-23T22:59:42.999999+00:00'],
  [0, '1970-01-01T00:00:00.000000+00:00'],
]

for (const [at, stamp] of STAMPS) {
  test(`a line is stamped in microseconds of UTC: ${stamp}`, () => {
    const line = formatLogLine({ at, source: 'app', ps: 'web.1', message: 'hello' })
    assert.equal(line, `${stamp} app[web.1]: hello`)
  })
}

test('an empty line keeps its place, and a message is written as it is', () => {
  assert.ok(formatLogLine({ at: AT, source: 'heroku', ps: 'api', message: '' }).endsWith(' heroku[api]: '))
  const message = '  indented app[web.2]: \u001b[31m'
  assert.ok(
    formatLogLine({ at: AT, source: 'app', ps: 'run.1', message }).endsWith(` app[run.1]: ${message}`),
  )
})

const line = (source: 'app' | 'heroku', ps: string, message = 'x') =>
  formatLogLine({ at: AT, source, ps, message })
const FILTERS: readonly (readonly [query: LogFilter, line: string, passes: boolean])[] = [
  [{}, line('app', 'web.1'), true],
  [{ ps: 'web' }, line('app', 'web.1'), true],
  [{ ps: 'web' }, line('app', 'web.12'), true],
  [{ ps: 'web' }, line('app', 'webhook.1'), false],
  [{ ps: 'web.1' }, line('app', 'web.1'), true],
  [{ ps: 'web.1' }, line('app', 'web.12'), false],
  [{ ps: 'run.1' }, line('app', 'web.1', 'app[run.1]: no'), false],
  [{ ps: 'api' }, line('app', 'api'), true],
  [{ source: 'app' }, line('app', 'web.1'), true],
  [{ source: 'app' }, line('heroku', 'web.1'), false],
  [{ source: 'heroku', ps: 'web' }, line('heroku', 'web.1'), true],
  [{ source: 'heroku', ps: 'web' }, line('heroku', 'run.1'), false],
  [{ ps: 'web' }, 'not a line of ours', false],
  [{}, 'not a line of ours', true],
]

for (const [query, text, passes] of FILTERS) {
  test(`${JSON.stringify(query)} ${passes ? 'lets through' : 'holds back'} '${text.slice(33)}'`, () => {
    assert.equal(passesFilter(text, query), passes)
  })
}

test('a reader that was too slow is told how much it missed, since when', () => {
  assert.equal(
    missedLine(1101, { since: AT, now: AT + 1000 }),
    '2026-11-23T22:59:43.000000+00:00 heroku[logplex]: Error L11 (Tail buffer overflow) -> ' +
      'This tail session dropped 1101 messages since 2026-11-23T22:59:42.000000+00:00',
  )
})

test('a line as JSON has its time, source, dyno and message', () => {
  assert.deepEqual(JSON.parse(jsonLine(line('app', 'web.1', ' "é"\u001b[31m]: x'))), {
    time: '2026-11-23T22:59:42.000000+00:00',
    source: 'app',
    dyno: 'web.1',
    message: ' "é"\u001b[31m]: x',
  })
  assert.equal(JSON.parse(jsonLine(line('app', 'web.1', ''))).message, '')
  assert.equal(jsonLine('torn'), '{"message":"torn"}')
  assert.equal(jsonLine('\u009b2J\u007f'), '{"message":"\\u009b2J\\u007f"}')
})

test('the ring has the newest lines, whatever pieces they came in', () => {
  const ring = openRing(5)
  assert.deepEqual(ring.last(3), [])
  ring.push({ text: 'a\n', count: 1 })
  ring.push({ text: 'b\n\nd\n', count: 3 })
  assert.deepEqual(ring.last(3), ['b', '', 'd'])
  assert.deepEqual(ring.last(9), ['a', 'b', '', 'd'])
  assert.deepEqual(ring.last(0), [])
  for (const text of 'efg') ring.push({ text: `${text}\n`, count: 1 })
  assert.deepEqual(ring.last(9), ['', 'd', 'e', 'f', 'g'])
  ring.push({ text: '1\n2\n3\n4\n5\n6\n7\n', count: 7 })
  assert.deepEqual(ring.last(5), ['3', '4', '5', '6', '7'])
})

const MOMENTS: readonly (readonly [text: string, moment: number])[] = [
  ['90s', AT - 90_000],
  ['10m', AT - 600_000],
  ['2h', AT - 7_200_000],
  ['1d', AT - 86_400_000],
  ['2026-11-23T22:59:42Z', AT],
  ['2026-11-23T22:59:42.000000+00:00', AT],
  ['2026-11-23T23:59:42+01:00', AT],
  ['2026-11-23', Date.UTC(2026, 10, 23)],
]

for (const [text, moment] of MOMENTS) {
  test(`--since ${text} is a moment`, () => assert.equal(sinceMoment(text, AT), moment))
}

for (const text of [
  '',
  '10',
  'm',
  '10 m',
  '-5m',
  '1.5h',
  'yesterday',
  '2026-13-01',
  '2026-11-23T25:00:00Z',
  '1',
]) {
  test(`--since '${text}' is refused in one sentence`, () => {
    const isClear = (error: unknown) => error instanceof Problem && error.message.includes(`not '${text}'`)
    assert.throws(() => sinceMoment(text, AT), isClear)
  })
}

test('lines of bytes keep every character, and what is no UTF-8 is marked', () => {
  const bytes = Buffer.concat([Buffer.from('\uFEFFé\n\nb\r\n'), Buffer.from([0xff, 0x0a])])
  assert.deepEqual(textLines(bytes), ['\uFEFFé', '', 'b\r', '\uFFFD'])
  assert.deepEqual(textLines(bytes.subarray(5, 7)), ['', ''])
})
