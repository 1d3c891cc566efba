import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { dyno, openSandbox } from '../harness.ts'
import { sitDown } from '../person.ts'

const APP = { Procfile: 'worker: sleep 98874\n', '.env': 'COLOUR=red\nTOKEN=abcdefghijklmnop\n' }

describe('config vars', { concurrency: 3 }, () => {
  test('are those of .env and what was set over them, as a list, as .env lines and as JSON', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const said = async (...words: string[]) => (await dyno(sandbox, words)).stdout
    assert.equal(await said('config'), '=== app Config Vars\n\nCOLOUR: red\nTOKEN:  abcdefghijklmnop\n')
    assert.equal(await said('config:set', 'QUOTE=it is "so" for $5'), 'Setting QUOTE... done, v1\n')
    assert.equal(await said('config:unset', 'TOKEN'), 'Unsetting TOKEN... done, v2\n')
    assert.equal(await said('config', '-s'), 'COLOUR=red\nQUOTE=\'it is "so" for $5\'\n')
    assert.deepEqual(JSON.parse(await said('config', '--json')), {
      COLOUR: 'red',
      QUOTE: 'it is "so" for $5',
    })
    assert.equal(await said('config:get', 'QUOTE'), 'it is "so" for $5\n')
    assert.equal(await said('run', 'echo "$QUOTE, $TOKEN"'), 'it is "so" for $5, \n')
    const missing = await dyno(sandbox, ['config:unset', 'TOKEN'])
    assert.deepEqual(
      [missing.status, missing.stderr],
      [1, " !    There is no config var TOKEN; 'dyno config' lists them.\n"],
    )
    const wrong = await dyno(sandbox, ['config:set', 'two words'])
    assert.deepEqual(
      [wrong.status, wrong.stderr],
      [2, " !    Usage: dyno config:set NAME=VALUE; 'two words' is no assignment.\n"],
    )
  })

  test('that people have set win over .env, which is said, until they are left to it again', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(async () => {
      await dyno(sandbox, ['down'])
      await sandbox.close()
    })
    const does = async (...words: string[]) => {
      const { stdout, stderr } = await dyno(sandbox, words)
      return { stdout, stderr }
    }
    await does('config:set', 'COLOUR=blue', 'OTHER=1')
    const told = (names: string, rest: string) =>
      ` !    ${names} of .env ${rest}; 'dyno config:unset ${names.replace(',', '')} --file' undoes that.\n`
    const one = told('COLOUR', 'is not used: config:set has set it')
    assert.equal((await does('start', '--detach')).stderr, one)
    await does('config:unset', 'TOKEN')
    writeFileSync(`${sandbox.app}/.env`, 'COLOUR=green\nTOKEN=second\n')
    const both = told('COLOUR, TOKEN', 'are not used: config:set and config:unset have changed them')
    assert.equal((await does('release')).stderr, both)
    assert.deepEqual(await does('config:unset', 'COLOUR', 'TOKEN', '--file'), {
      stdout: 'Leaving COLOUR, TOKEN to .env and restarting app... done, v4\n',
      stderr: '',
    })
    assert.equal((await does('config', '-s')).stdout, 'COLOUR=green\nOTHER=1\nTOKEN=second\n')
    writeFileSync(`${sandbox.app}/.env`, 'COLOUR=gold\n')
    assert.equal((await does('release')).stderr, '')
    assert.equal((await does('config', '-s')).stdout, 'COLOUR=gold\nOTHER=1\n')
    const untouched = await dyno(sandbox, ['config:unset', 'COLOUR', '--file'])
    assert.deepEqual(
      [untouched.status, untouched.stderr],
      [1, ' !    config:set and config:unset have not changed COLOUR; .env counts.\n'],
    )
  })

  test('are masked on a terminal, unless they are asked for', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const masked = sitDown(sandbox, ['config'])
    assert.equal(await masked.status, 0)
    assert.match(masked.screen(), /COLOUR: •{8}\nTOKEN: {2}•{8}op {2}\(16 characters\)\n/)
    const shown = sitDown(sandbox, ['config', '--show'])
    assert.equal(await shown.status, 0)
    assert.match(shown.screen(), /COLOUR: red\nTOKEN: {2}abcdefghijklmnop\n/)
  })

  test('are edited all at once, and nothing is lost where the editor or the text is wrong', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const edit = (EDITOR: string) =>
      dyno(sandbox, ['config:edit'], { env: { EDITOR, VISUAL: '', TMPDIR: sandbox.folder } })
    const edited = await edit('sed -i -e s/red/blue/ -e 1aNEW=1 -e /TOKEN/d')
    assert.equal(edited.stdout, 'Setting COLOUR, NEW, TOKEN... done, v1\n')
    assert.equal((await dyno(sandbox, ['config', '-s'])).stdout, 'COLOUR=blue\nNEW=1\n')
    const same = await edit('true')
    assert.equal(same.stdout, 'No config var was changed.\n')
    const wrong = await edit("sed -i 's/=.*/=\"open/'")
    assert.match(
      wrong.stderr,
      /config\.env:2:6: There is text after the closing quote.* Nothing was changed; the file is kept\.\n$/,
    )
    const left = await edit('false')
    assert.match(left.stderr, /The editor 'false' ended with status 1; nothing was changed\./)
    const removed = await edit('rm')
    assert.equal(removed.stderr, " !    The editor 'rm' left no file; nothing was changed.\n")
    const folders = readdirSync(sandbox.folder).filter((name) => name.startsWith('dyno-config-'))
    assert.equal(folders.length, 1, 'only what could not be read is kept')
    assert.match(
      (await dyno(sandbox, ['releases'])).stdout,
      /\n\nv1 {2}Set COLOUR, NEW config vars, Remove TOKEN config vars {2}/,
    )
  })
})
