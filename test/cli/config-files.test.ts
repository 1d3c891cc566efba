import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { readConfig } from '../../src/cli/config/config-files.ts'
import { Problem } from '../../src/core/problem.ts'

const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
after(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string) => {
  writeFileSync(`${folder}/${name}`, text)
  return `${folder}/${name}`
}
const read = (files: string | undefined) => Object.fromEntries(readConfig(folder, files))
const refuses = (sentence: string | RegExp, files: string | undefined) => {
  assert.throws(
    () => read(files),
    (error) => {
      assert.ok(error instanceof Problem, String(error))
      if (typeof sentence === 'string') assert.equal(error.message, sentence)
      else assert.match(error.message, sentence)
      return true
    },
  )
}

test('an app without .env has no config vars, and with one has its', () => {
  assert.deepEqual(read(undefined), {})
  write('.env', 'A=1\n')
  assert.deepEqual(read(undefined), { A: '1' })
})

test('files that are named are read instead of .env, and a later one wins', () => {
  const names = [write('one.env', 'B=1\nC=1\n'), write('two.env', 'C="$' + '{B}2"\n')]
  assert.deepEqual(read(names.join(',')), { B: '1', C: '12' })
})

test('a file that is named and not there is refused by its name', () => {
  const missing = `${folder}/nope.env`
  refuses(`There is no file ${missing}; name files of config vars from the current folder.`, missing)
})

test('a folder is no file of config vars', () => {
  mkdirSync(`${folder}/folder`)
  refuses(/folder is a folder; it must be a file\.$/, `${folder}/folder`)
})

test('R15 a PORT that is no number is refused with file, line and column', () => {
  const name = write('port.env', 'A=1\nPORT=abc\n')
  refuses(
    `${name}:2:6: \`PORT\` is the base of all ports. Write a number from 1 to 65535, or delete the line.`,
    name,
  )
})
