import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, afterEach, beforeEach, test } from 'node:test'
import type { Unfinished } from '../../src/core/log/log.ts'
import { type LogFile, openLog } from '../../src/edge/logs/append-log.ts'
import { endOfLog, findStart } from '../../src/edge/logs/find-line.ts'
import { followLog } from '../../src/edge/logs/follow-log.ts'
import { type Position, segmentsIn } from '../../src/edge/logs/segments.ts'
import { tellUnfinished } from '../../src/edge/logs/unfinished.ts'
import { until } from '../harness.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))
let state = ''
let folder = ''
let log: LogFile
const limits = { segment: 100, kept: 3 }
beforeEach(() => {
  state = mkdtempSync(`${all}/x`)
  folder = `${state}/logs`
  log = openLog(state, limits)
})
afterEach(() => log.close())

function write(...texts: string[]): void {
  log.append({ text: texts.map((text) => `${text}\n`).join(''), count: texts.length })
  log.flush()
}

/** Numbered lines of 20 bytes, each written by itself, so that five fill a segment. */
function writeNumbers(from: number, to: number): void {
  for (let i = from; i <= to; i++) write(`line ${String(i).padStart(3, '0')} 20 bytes.`.padEnd(19, '.'))
}

function follow(from: Position) {
  const leave = new AbortController()
  const texts: string[] = []
  const missed: number[] = []
  const prompts: (readonly Unfinished[])[] = []
  let holdUp: Promise<void> | undefined
  const reader = {
    lines(bytes: Uint8Array) {
      texts.push(Buffer.from(bytes).toString())
      return holdUp
    },
    missed: (count: number) => void missed.push(count),
    unfinished: (lines: readonly Unfinished[]) => void prompts.push(lines),
  }
  const done = followLog(folder, from, { reader, signal: leave.signal })
  const lines = () => texts.join('').split('\n').slice(0, -1)
  return {
    lines,
    missed,
    prompts,
    done,
    leave: () => leave.abort(),
    /** Reads no more until the answer is called. */
    stop() {
      const { promise, resolve } = Promise.withResolvers<void>()
      holdUp = promise
      return () => {
        holdUp = undefined
        resolve()
      }
    },
    sees: (count: number) =>
      until(
        () => lines().length >= count,
        () => `saw ${lines().length} lines`,
      ),
  }
}

const numbers = (lines: readonly string[]) => lines.map((line) => Number(line.slice(5, 8)))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('a follower reads the lines there are, and each new one, from segment to segment', async () => {
  writeNumbers(1, 7)
  const follower = follow({ first: 1, offset: 0 })
  await follower.sees(7)
  for (let i = 8; i <= 30; i++) {
    writeNumbers(i, i)
    await follower.sees(i)
  }
  assert.deepEqual(numbers(follower.lines()), range(1, 30))
  assert.deepEqual(follower.missed, [])
  follower.leave()
  await follower.done
})

test('a follower from the end reads only what comes', async () => {
  write('old')
  const follower = follow(endOfLog(folder))
  write('new')
  await follower.sees(1)
  follower.leave()
  await follower.done
  assert.deepEqual(follower.lines(), ['new'])
})

test('who leaves has read all that was there by then', async () => {
  const follower = follow({ first: 1, offset: 0 })
  writeNumbers(1, 12)
  follower.leave()
  await follower.done
  assert.deepEqual(numbers(follower.lines()), range(1, 12))
})

test('a line is read when it is whole', async () => {
  const { path } = segmentsIn(folder)[0]!
  const follower = follow({ first: 1, offset: 0 })
  write('one')
  await follower.sees(1)
  appendFileSync(path, 'tw')
  write('o')
  await follower.sees(2)
  assert.deepEqual(follower.lines(), ['one', 'two'])
  follower.leave()
  await follower.done
})

test('a last line that never ended is read when the reader leaves', async () => {
  const { path } = segmentsIn(folder)[0]!
  write('one')
  appendFileSync(path, 'torn')
  const follower = follow({ first: 1, offset: 0 })
  follower.leave()
  await follower.done
  assert.deepEqual(follower.lines(), ['one', 'torn'])
})

test('a reader that stopped slows nobody, and is told how many lines it missed', async () => {
  const follower = follow({ first: 1, offset: 0 })
  const goOn = follower.stop()
  writeNumbers(1, 2)
  await follower.sees(1)
  writeNumbers(3, 100)
  await until(
    () => segmentsIn(folder).length === limits.kept,
    () => 'nothing is thrown away',
  )
  goOn()
  writeNumbers(101, 101)
  await until(
    () => numbers(follower.lines()).at(-1) === 101,
    () => 'never went on',
  )
  const seen = numbers(follower.lines())
  assert.equal(follower.missed.length, 1)
  assert.equal(seen.length + follower.missed[0]!, 101)
  assert.deepEqual(seen, [...range(1, 5), ...range(101 - (seen.length - 5) + 1, 101)])
  follower.leave()
  await follower.done
})

test('what dynos have begun to say is told, and that it is over', async () => {
  const follower = follow({ first: 1, offset: 0 })
  const prompt = { at: 1, ps: 'web.1', message: 'Password: ' }
  tellUnfinished(folder, [prompt])
  await until(
    () => follower.prompts.length === 1,
    () => 'never told',
  )
  tellUnfinished(folder, [])
  await until(
    () => follower.prompts.length === 2,
    () => 'never told that it is over',
  )
  assert.deepEqual(follower.prompts, [[prompt], []])
  follower.leave()
  await follower.done
})

/** The numbers of the lines from there on. */
async function from(position: Position): Promise<number[]> {
  const follower = follow(position)
  follower.leave()
  await follower.done
  return numbers(follower.lines())
}

test('the newest lines are found backwards through the segments', async () => {
  writeNumbers(1, 13)
  for (const count of [0, 1, 2, 3, 4, 8, 13]) {
    assert.deepEqual(await from(findStart(folder, { count })), range(14 - count, 13), `${count}`)
  }
  assert.deepEqual(await from(findStart(folder, { count: 99 })), range(1, 13))
  const isEven = (line: string) => Number(line.slice(5, 8)) % 2 === 0
  assert.deepEqual(await from(findStart(folder, { count: 3, passes: isEven })), range(8, 13))
  const all = { count: Number.POSITIVE_INFINITY }
  assert.deepEqual(await from(findStart(folder, { ...all, since: 'line 004' })), range(4, 13))
  assert.deepEqual(await from(findStart(folder, { ...all, since: 'line 999' })), [])
  assert.deepEqual(await from(findStart(folder, { ...all, since: 'a' })), range(1, 13))
  assert.deepEqual(await from(findStart(folder, { count: 2, since: 'line 004' })), [12, 13])
})

test('lines are found wherever the blocks that are read begin', () => {
  log.close()
  log = openLog(state)
  const texts = ['', 'x'.repeat(9000), '', 'y', 'z'.repeat(300_000), '', '', 'w'.repeat(262_143), 'v', '']
  write(...texts)
  for (let count = 0; count <= texts.length; count++) {
    const length = texts.slice(texts.length - count).reduce((sum, text) => sum + text.length + 1, 0)
    const { offset } = findStart(folder, { count })
    assert.equal(endOfLog(folder).offset - offset, length, `${count} lines`)
  }
})

test('who wants only the newest lines is told how many it missed, and gets whole lines from there on', async () => {
  const line = (n: number) => `line ${n} ${'.'.repeat(100)}`
  const home = mkdtempSync(`${all}/x`)
  const whole = openLog(home, { segment: 1e9, kept: 3 })
  const came: number[] = []
  let missed = 0
  const leave = new AbortController()
  const reader = {
    lines(bytes: Uint8Array) {
      const texts = Buffer.from(bytes).toString().split('\n').slice(0, -1)
      for (const text of texts) came.push(Number(/^line (\d+) \.{100}$/.exec(text)?.[1]))
    },
    missed(count: number) {
      missed += count
    },
    newest: { bytes: 512 * 1024, every: 1 },
  }
  const count = 30_000
  const text = Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('')
  whole.append({ text, count })
  whole.flush()
  const done = followLog(`${home}/logs`, { first: 1, offset: 0 }, { reader, signal: leave.signal })
  await until(
    () => came.at(-1) === count - 1,
    () => `came to ${came.at(-1)}`,
  )
  leave.abort()
  await done
  whole.close()
  assert.ok(missed > count / 2, `missed ${missed}`)
  assert.equal(came.length + missed, count)
  const read = came.findIndex((n, at) => n !== at) // before it was known how much there is
  assert.deepEqual(
    came.slice(read),
    Array.from({ length: count - missed - read }, (_, i) => missed + read + i),
  )
})
