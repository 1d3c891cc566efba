import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { isDiskFull, sweepUnfinished, whyUnwritten, writeWhole } from '../../src/edge/write-whole.ts'

const all = mkdtempSync(`${tmpdir()}/dyno-t-`)
after(() => rmSync(all, { recursive: true }))

test('a file is written anew, with its permissions whatever the umask, and nothing is left beside it', () => {
  const folder = mkdtempSync(`${all}/x`)
  const before = process.umask(0o077)
  try {
    writeWhole(`${folder}/a`, 'a longer text')
    writeWhole(`${folder}/a`, Buffer.from('short'), { mode: 0o644, lasts: true })
    writeWhole(`${folder}/b`, 'x')
  } finally {
    process.umask(before)
  }
  assert.equal(readFileSync(`${folder}/a`, 'utf8'), 'short')
  const mode = (name: string) => (statSync(`${folder}/${name}`).mode & 0o777).toString(8)
  assert.deepEqual([mode('a'), mode('b')], ['644', '600'])
  assert.deepEqual(readdirSync(folder), ['a', 'b'])
})

test('where a file cannot take its place nothing is left of it', () => {
  const folder = mkdtempSync(`${all}/x`)
  mkdirSync(`${folder}/a/b`, { recursive: true })
  assert.throws(() => writeWhole(`${folder}/a`, 'x'), { syscall: 'rename' })
  assert.deepEqual(readdirSync(folder), ['a'])
  assert.throws(() => writeWhole(`${folder}/none/a`, 'x'), { code: 'ENOENT' })
})

test('what a process that is gone left unfinished is swept, and nothing else', () => {
  const folder = mkdtempSync(`${all}/x`)
  const { pid: gone } = spawnSync('true')
  const stays = [`.a.${process.pid}.tmp`, 'a', `a.${gone}.tmp`]
  for (const name of [...stays, `.b.${gone}.tmp`]) writeFileSync(`${folder}/${name}`, '')
  sweepUnfinished(folder)
  assert.deepEqual(readdirSync(folder).sort(), [...stays].sort())
  sweepUnfinished(`${folder}/none`)
})

test('a disk is full also for whoever may have no more of it, and else the reason is a code or a sentence', () => {
  const failed = (code: string) => Object.assign(new Error(`${code}: …`), { code })
  assert.deepEqual(['ENOSPC', 'EDQUOT', 'EACCES'].map(failed).map(isDiskFull), [true, true, false])
  const reasons = [failed('EDQUOT'), failed('EROFS'), new Error('no luck')].map(whyUnwritten)
  assert.deepEqual(reasons, ['the disk is full', 'EROFS', 'no luck'])
})
