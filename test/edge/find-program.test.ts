import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import test from 'node:test'
import { findProgram } from '../../src/edge/find-program.ts'

test('a program is the first executable file of its name on PATH, and no folder or relative entry is one', (t) => {
  const folder = mkdtempSync(`${tmpdir()}/dyno-find-`)
  t.after(() => rmSync(folder, { recursive: true }))
  for (const name of ['folder/node', 'text', 'first', 'second'])
    mkdirSync(`${folder}/${name}`, { recursive: true })
  for (const name of ['text', 'first', 'second']) writeFileSync(`${folder}/${name}/node`, '')
  for (const name of ['first', 'second']) chmodSync(`${folder}/${name}/node`, 0o755)
  const pathOf = (...names: string[]) => names.map((name) => `${folder}/${name}`).join(':')
  assert.equal(
    findProgram('node', pathOf('gone', 'folder', 'text', 'first', 'second')),
    `${folder}/first/node`,
  )
  assert.equal(findProgram('node', pathOf('folder', 'gone')), undefined)
  assert.equal(findProgram('node', ''), undefined)
  const here = process.cwd()
  process.chdir(folder)
  t.after(() => process.chdir(here))
  assert.equal(findProgram('node', 'first:./first::'), undefined)
})
