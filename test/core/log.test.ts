import assert from 'node:assert/strict'
import test from 'node:test'
import { formatLogLine, type LogQuery, passesFilter, selectLines } from '../../src/core/log.ts'

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
const FILTERS: readonly (readonly [query: Omit<LogQuery, 'count'>, line: string, passes: boolean])[] = [
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

test('the newest lines that pass are chosen, oldest first', () => {
  const lines = ['a', 'b', 'c', 'd'].flatMap((text) => [
    line('app', 'web.1', text),
    line('app', 'run.1', text),
  ])
  const chosen = selectLines(lines, { ps: 'web', count: 3 })
  assert.deepEqual(
    chosen.map((text) => text.at(-1)),
    ['b', 'c', 'd'],
  )
  assert.equal(selectLines(lines, { count: 100 }).length, 8)
  assert.deepEqual(selectLines(lines, { count: 0 }), [])
  assert.deepEqual(selectLines([], { count: 5 }), [])
})
