import assert from 'node:assert/strict'
import test from 'node:test'
import { foldersFor } from '../../src/core/folders.ts'

const ADA = { home: '/home/ada', uid: 1000, temporary: '/tmp' }

test('things are kept where XDG says', () => {
  const shell = { XDG_RUNTIME_DIR: '/run/user/1000', XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' }
  const folders = { runtime: '/run/user/1000/dyno', cache: '/c/dyno', state: '/s/dyno' }
  assert.deepEqual(foldersFor(shell, ADA), folders)
})

const USUAL = {
  runtime: '/tmp/dyno-1000',
  cache: '/home/ada/.cache/dyno',
  state: '/home/ada/.local/state/dyno',
}
for (const value of [undefined, '', 'relative/folder', './x']) {
  test(`where XDG says ${JSON.stringify(value) ?? 'nothing'}, things are kept in the usual places`, () => {
    const shell = { XDG_RUNTIME_DIR: value, XDG_CACHE_HOME: value, XDG_STATE_HOME: value }
    assert.deepEqual(foldersFor(shell, ADA), USUAL)
  })
}
