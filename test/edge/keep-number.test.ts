import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { keepNumber, keptNumber } from '../../src/edge/keep-number.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))

test('the next number is kept, and begins again where the file is broken', () => {
  assert.equal(keptNumber(folder), 1)
  keepNumber(folder, 41)
  assert.equal(keptNumber(folder), 41)
  for (const broken of ['', 'x', '-3', '1.5', '1e99', '4\0']) {
    writeFileSync(`${folder}/next-one-off`, broken)
    assert.equal(keptNumber(folder), 1)
  }
  rmSync(`${folder}/next-one-off`)
  mkdirSync(`${folder}/next-one-off`)
  assert.equal(keptNumber(folder), 1)
})

test('where it cannot be kept it is given again later, and nothing ends', () => {
  keepNumber(`${folder}/removed`, 41)
  assert.equal(keptNumber(`${folder}/removed`), 1)
})
