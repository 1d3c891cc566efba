import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { after, beforeEach, test } from 'node:test'
import { openLog } from '../../src/edge/logs/append-log.ts'
import { recentLines } from '../../src/edge/logs/recent-lines.ts'
import { tellUnfinished } from '../../src/edge/logs/unfinished.ts'
import { until } from '../harness.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${all}/x`)
})

const lines = (...texts: string[]) => ({
  text: texts.map((text) => `${text}\n`).join(''),
  count: texts.length,
})
const segments = () => readdirSync(`${folder}/logs`).sort()

test('lines that are appended are read, newest last, as many as are asked for', () => {
  const log = openLog(folder)
  log.append(lines('a', '', 'c'))
  log.append(lines('\u00c3\u00a9'))
  log.close()
  assert.deepEqual(recentLines(folder, 2), ['c', '\u00c3\u00a9'])
  assert.deepEqual(recentLines(folder, 9), ['a', '', 'c', '\u00c3\u00a9'])
  assert.deepEqual(recentLines(folder, 0), [])
  assert.equal(readFileSync(`${folder}/logs/from-1.log`, 'utf8'), 'a\n\nc\né\n')
  assert.equal(statSync(`${folder}/logs/from-1.log`).mode & 0o777, 0o600)
  assert.equal(statSync(`${folder}/logs`).mode & 0o777, 0o700)
})

test('lines of one turn of the loop are written together at its end, or when they must be', async () => {
  const log = openLog(folder)
  const size = () => statSync(`${folder}/logs/from-1.log`).size
  log.append(lines('a'))
  log.append(lines('b'))
  assert.equal(size(), 0)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(size(), 4)
  log.append(lines('c'))
  log.flush()
  assert.equal(size(), 6)
  log.append(lines('d'.repeat(300_000), 'e'))
  log.append(lines('f'))
  log.close()
  assert.equal(size(), 300_011)
})

test('a full segment is followed by one that is called by its first line, and the last few are kept', async () => {
  const limits = { segment: 100, kept: 3 }
  const log = openLog(folder, limits)
  for (let i = 1; i <= 42; i++) {
    log.append(lines(`line ${String(i).padStart(2, '0')} of 20 bytes.`))
    log.flush()
  }
  log.close()
  await until(
    () => segments().length === 3,
    () => String(segments()),
  )
  assert.deepEqual(segments(), ['from-31.log', 'from-36.log', 'from-41.log'])
  assert.deepEqual(
    recentLines(folder, 8).map((line) => line.slice(5, 7)),
    ['35', '36', '37', '38', '39', '40', '41', '42'],
  )
  const again = openLog(folder, limits)
  for (let i = 43; i <= 46; i++) {
    again.append(lines(`line ${i} of 20 bytes.`))
    again.flush()
  }
  again.close()
  assert.ok(segments().includes('from-46.log'), 'lines of an earlier manifold are counted')
})

test('the last lines are read from as many segments as they take', () => {
  mkdirSync(`${folder}/logs`)
  for (const first of [1, 2, 3]) writeFileSync(`${folder}/logs/from-${first}.log`, `${first}\n`)
  assert.deepEqual(recentLines(folder, 9), ['1', '2', '3'])
  assert.deepEqual(recentLines(folder, 2), ['2', '3'])
})

test('a log that ends within a line is read, and goes on with a new line', () => {
  assert.deepEqual(recentLines(folder, 9), [])
  openLog(folder).close()
  appendFileSync(`${folder}/logs/from-1.log`, 'whole\nhal')
  const log = openLog(folder)
  log.append(lines('next'))
  log.close()
  assert.deepEqual(recentLines(folder, 9), ['whole', 'hal', 'next'])
})

test('of a long log the newest lines are read', () => {
  mkdirSync(`${folder}/logs`)
  const text = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join('')
  writeFileSync(`${folder}/logs/from-1.log`, text)
  assert.deepEqual(recentLines(folder, 2), ['line 199998', 'line 199999'])
  const most = recentLines(folder, 150_000)
  assert.deepEqual([most[0], most.at(-1), most.length], ['line 50000', 'line 199999', 150_000])
})

test('a full disk loses lines, counts them, and nothing else happens', () => {
  mkdirSync(`${folder}/logs`)
  symlinkSync('/dev/full', `${folder}/logs/from-1.log`)
  const log = openLog(folder)
  log.append(lines('lost', 'lost too'))
  log.flush()
  log.append(lines('lost as well'))
  log.flush()
  assert.equal(log.lost(), 3)
  assert.equal(log.lost(), 0)
  log.close()
})

test('what was unfinished when a manifold was killed, or closes, is forgotten', () => {
  openLog(folder).close()
  const path = `${folder}/logs/unfinished.json`
  const prompt = { at: 1, ps: 'web.1', message: 'Password: ' }
  tellUnfinished(`${folder}/logs`, [prompt])
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), [prompt])
  const log = openLog(folder)
  assert.ok(!existsSync(path))
  tellUnfinished(`${folder}/logs`, [prompt])
  log.close()
  assert.ok(!existsSync(path))
})
