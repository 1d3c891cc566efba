import assert from 'node:assert/strict'
import test from 'node:test'
import { openLogplex } from '../../src/manifold/logplex.ts'
import { openFakeWorld } from './fake-edges.ts'

function openFakeLogplex() {
  const world = openFakeWorld()
  const logplex = openLogplex(world.edges)
  const write = (message: string, ps = 'run.1') => logplex.write({ source: 'app', ps, message })
  const openDyno = (ps: string) => {
    const output = logplex.openOutput(ps)
    return {
      says: (text: string, stream: 'stdout' | 'stderr' = 'stdout') => output.take(stream, Buffer.from(text)),
      end: output.end,
    }
  }
  return { world, logplex, write, openDyno }
}

const messages = (lines: readonly string[]) => lines.map((line) => line.slice(line.indexOf(']: ') + 3))

test('a line is stamped when it is written, and in the file before anybody reads it', () => {
  const { world, logplex, write } = openFakeLogplex()
  const seen: string[][] = []
  logplex.follow({}, () => seen.push([...world.log]))
  write('héllo')
  assert.deepEqual(seen, [['2026-11-23T22:59:42.000000+00:00 app[run.1]: héllo']])
  assert.equal(world.flushed, 1)
})

test('what a dyno writes is in the log in lines, between the lines of the system', () => {
  const { world, openDyno, write } = openFakeLogplex()
  const web = openDyno('web.1')
  web.says('a\nb\r\n\nca')
  write('State changed')
  web.says('fé\n')
  assert.deepEqual(messages(world.log), ['a', 'b', '', 'State changed', 'café'])
  assert.ok(world.log[4]!.endsWith(' app[web.1]: café'))
})

test('the two outputs of a dyno, and two dynos, do not run into each other', () => {
  const { world, openDyno } = openFakeLogplex()
  const [web, worker] = [openDyno('web.1'), openDyno('worker.1')]
  web.says('out')
  web.says('err', 'stderr')
  worker.says('work')
  for (const dyno of [web, worker]) dyno.says('!\n')
  web.says('!\n', 'stderr')
  assert.deepEqual(messages(world.log), ['out!', 'work!', 'err!'])
})

test('the end of a dyno ends its last lines, and they are in the file when that is known', () => {
  const { world, openDyno } = openFakeLogplex()
  const web = openDyno('web.1')
  web.says('TAIL')
  web.says('oops', 'stderr')
  web.end()
  assert.deepEqual(messages(world.log), ['TAIL', 'oops'])
  assert.equal(world.flushed, 2)
  web.end()
  assert.equal(world.log.length, 2)
})

test('a prompt is told when its dyno pauses there, and taken back before its line is in the log', async () => {
  const { world, openDyno } = openFakeLogplex()
  const web = openDyno('web.1')
  web.says('hello\nPassword: ')
  assert.deepEqual(world.unfinished, [])
  await world.advance(100)
  assert.deepEqual(world.unfinished, [['web.1 Password: ']])
  const { tellUnfinished } = world.edges
  world.edges.tellUnfinished = (lines) => {
    assert.deepEqual(messages(world.log), ['hello'])
    tellUnfinished(lines)
  }
  web.says('done\n')
  assert.deepEqual(world.unfinished, [['web.1 Password: '], []])
  assert.deepEqual(messages(world.log), ['hello', 'Password: done'])
})

test('a prompt that stands, and silence, wake nobody', async () => {
  const { world, openDyno } = openFakeLogplex()
  let wakes = 0
  const { wake } = world.edges
  world.edges.wake = (milliseconds, call) => {
    wakes++
    return wake(milliseconds, call)
  }
  openDyno('web.1').says('$ ')
  await world.advance(60_000)
  assert.equal(wakes, 1)
})

test('a progress bar is told as it is now, and output that flows is told as nothing', async () => {
  const { world, openDyno } = openFakeLogplex()
  const [bar, flood] = [openDyno('bar.1'), openDyno('flood.1')]
  for (let i = 0; i < 50; i++) {
    bar.says(`\r${i}%`)
    flood.says('ee\nthr')
    await world.advance(4)
  }
  bar.end()
  flood.end()
  const told = new Set(world.unfinished.flat())
  assert.ok([...told].every((line) => line.startsWith('bar.1 ')))
  assert.ok(told.size >= 3 && told.size <= 5)
  assert.deepEqual(world.unfinished.at(-1), [])
  assert.equal(messages(world.log).filter((line) => line === '49%').length, 1)
})

test('a reader gets the lines that pass its filter, in order, until it leaves', () => {
  const { logplex, write, openDyno } = openFakeLogplex()
  const [all, some]: [string[], string[]] = [[], []]
  logplex.follow({}, (lines) => all.push(...lines))
  const leave = logplex.follow({ ps: 'run.2' }, (lines) => some.push(...lines))
  for (const ps of ['run.1', 'run.2', 'run.1', 'run.2']) write(ps, ps)
  openDyno('run.2').says('a\né\n')
  leave()
  write('late', 'run.2')
  assert.deepEqual(messages(all), ['run.1', 'run.2', 'run.1', 'run.2', 'a', 'é', 'late'])
  assert.deepEqual(messages(some), ['run.2', 'run.2', 'a', 'é'])
})

test('recent lines come from memory as long as there are enough of them', () => {
  const { world, logplex, write } = openFakeLogplex()
  for (let i = 0; i < 10_000; i++) write(String(i))
  world.log.length = 0
  assert.deepEqual(
    messages(logplex.recent(1500)),
    [...Array(1500).keys()].map((i) => String(8500 + i)),
  )
})

test('when memory has too few lines, the file has the rest', () => {
  const { world, logplex, write } = openFakeLogplex()
  world.past.push('2026-11-22T00:00:00.000000+00:00 app[run.1]: yésterday')
  write('today')
  assert.deepEqual(messages(logplex.recent(5)), ['yésterday', 'today'])
  assert.deepEqual(messages(logplex.recent(1)), ['today'])
})
