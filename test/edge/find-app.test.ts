import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, beforeEach, test } from 'node:test'
import { appFolder, findApp } from '../../src/edge/find-app.ts'
import { writeFiles } from '../harness.ts'

const all = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(all, { recursive: true }))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${all}/x`)
})

test('an app is the nearest folder with a Procfile, here or above', () => {
  writeFiles(folder, {
    'outer/Procfile': '',
    'outer/inner/Procfile': '',
    'outer/inner/a/b/x': '',
    'outer/c/x': '',
  })
  assert.equal(findApp(`${folder}/outer/inner/a/b`), `${folder}/outer/inner`)
  assert.equal(findApp(`${folder}/outer/c`), `${folder}/outer`)
  assert.equal(findApp(folder), undefined)
  symlinkSync(`${folder}/outer/c`, `${folder}/link`)
  assert.equal(findApp(`${folder}/link`), `${folder}/outer`)
})

test('a folder is named by its real path; a file or nothing is a clear sentence', () => {
  writeFiles(folder, { 'app/file': '' })
  symlinkSync(`${folder}/app`, `${folder}/link`)
  assert.equal(appFolder(`${folder}/link`), `${folder}/app`)
  for (const wrong of [`${folder}/app/file`, `${folder}/gone`]) {
    assert.throws(() => appFolder(wrong), {
      name: 'Problem',
      message: `There is no folder ${wrong}; name the app's folder with --app.`,
    })
  }
})
