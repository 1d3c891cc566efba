import assert from 'node:assert/strict'
import test from 'node:test'
import { openLogplex } from '../../src/manifold/logplex.ts'
import { openFakeWorld } from './fake-edges.ts'

function openFakeLogplex() {
  const world = openFakeWorld()
  const logplex = openLogplex(world.edges)
  const write = (message: string, ps = 'run.1') => logplex.write({ source: 'app', ps, message })
  return { world, logplex, write }
}

const messages = (lines: readonly string[]) => lines.map((line) => line.slice(line.indexOf(']: ') + 3))

test('a line is stamped when it is written, and in the file before anybody reads it', () => {
  const { world, logplex, write } = openFakeLogplex()
  const seen: string[][] = []
  logplex.follow({}, () => seen.push([...world.log]))
  write('hello')
  assert.deepEqual(seen, [['2026-11-23T22:59:42.000000+00:00 app[run.1]: hello']])
})

test('a reader gets the lines that pass its filter, in order, until it leaves', () => {
  const { logplex, write } = openFakeLogplex()
  const [all, some]: [string[], string[]] = [[], []]
  logplex.follow({}, (line) => all.push(line))
  const leave = logplex.follow({ ps: 'run.2' }, (line) => some.push(line))
  for (const ps of ['run.1', 'run.2', 'run.1', 'run.2']) write(ps, ps)
  leave()
  write('late', 'run.2')
  assert.deepEqual(messages(all), ['run.1', 'run.2', 'run.1', 'run.2', 'late'])
  assert.deepEqual(messages(some), ['run.2', 'run.2'])
})

test('recent lines come from memory as long as there are enough of them', async () => {
  const { world, logplex, write } = openFakeLogplex()
  for (let i = 0; i < 10_000; i++) write(String(i))
  world.log.length = 0
  const lines = messages(await logplex.recent({ count: 1500 }))
  assert.deepEqual(
    lines,
    [...Array(1500).keys()].map((i) => String(8500 + i)),
  )
})

test('when memory has too few lines, the file has the rest', async () => {
  const { world, logplex, write } = openFakeLogplex()
  world.past.push('2026-11-22T00:00:00.000000+00:00 app[run.1]: yesterday')
  write('today')
  assert.deepEqual(messages(await logplex.recent({ count: 5 })), ['yesterday', 'today'])
  assert.deepEqual(messages(await logplex.recent({ count: 1 })), ['today'])
})
