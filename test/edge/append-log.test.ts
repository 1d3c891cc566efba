import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { after, beforeEach, test } from 'node:test'
import { openLog } from '../../src/edge/append-log.ts'
import { readLog } from '../../src/edge/read-log.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${all}/x`)
})

test('lines that are appended are read, newest last, as many as are asked for', async () => {
  const log = openLog(folder)
  for (const line of [
    '2026 app[web.1]: a',
    '2026 app[run.1]: b',
    '2026 heroku[web.1]: c',
    '2026 app[web.2]: é',
  ])
    log.append(line)
  log.close()
  assert.deepEqual(await readLog(folder, { count: 2 }), ['2026 heroku[web.1]: c', '2026 app[web.2]: é'])
  assert.deepEqual(await readLog(folder, { count: 9, ps: 'web', source: 'app' }), [
    '2026 app[web.1]: a',
    '2026 app[web.2]: é',
  ])
  assert.deepEqual(await readLog(folder, { count: 0 }), [])
  assert.equal(statSync(`${folder}/log`).mode & 0o777, 0o600)
})

test('a full file is set aside, and read before the new one', async () => {
  const log = openLog(folder, 100)
  for (let i = 0; i < 17; i++) log.append(`line ${i}, twenty bytes`)
  log.close()
  const aside = readFileSync(`${folder}/log.1`, 'utf8').split('\n').length - 1
  assert.equal(aside, 5)
  assert.deepEqual(
    await readLog(folder, { count: 4 }),
    [13, 14, 15, 16].map((i) => `line ${i}, twenty bytes`),
  )
  const again = openLog(folder, 100)
  for (let i = 0; i < 3; i++) again.append(`more ${i}, twenty bytes`)
  again.close()
  assert.match(readFileSync(`${folder}/log.1`, 'utf8'), /^line 15[\s\S]*more 2, twenty bytes\n$/)
})

test('a log is read that ends within a line, and one that is not there is empty', async () => {
  assert.deepEqual(await readLog(folder, { count: 9 }), [])
  assert.deepEqual(await readLog(`${folder}/gone`, { count: 9 }), [])
  writeFileSync(`${folder}/log`, 'whole\nhal')
  assert.deepEqual(await readLog(folder, { count: 9 }), ['whole', 'hal'])
  appendFileSync(`${folder}/log`, 'f\n')
  assert.deepEqual(await readLog(folder, { count: 9 }), ['whole', 'half'])
})

test('of a long log the newest lines are read', async () => {
  writeFileSync(`${folder}/log`, Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join(''))
  assert.deepEqual(await readLog(folder, { count: 2 }), ['line 49998', 'line 49999'])
})

test('a full disk loses the line and nothing else', () => {
  symlinkSync('/dev/full', `${folder}/log`)
  const log = openLog(folder)
  log.append('lost')
  log.close()
})
