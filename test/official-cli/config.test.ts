import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { writeFiles } from '../harness.ts'
import { answers, type Official, openOfficial } from './official.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=0', 'worker=1', 'greet=0'] })
})
after(() => here.close())

const ask = async (...words: string[]): Promise<string> => {
  const ran = await here.heroku(words)
  answers(ran, { stdout: /^/ })
  return ran.stdout
}

describe('config', () => {
  test('config shows all, for people, shells and programs', async () => {
    const [people, shell, json] = await Promise.all([
      ask('config'),
      ask('config', '-s'),
      ask('config', '--json'),
    ])
    assert.equal(people, '=== app Config Vars\n\nCOLOUR: red\nTOKEN:  a b\n')
    assert.equal(shell, "COLOUR=red\nTOKEN='a b'\n")
    assert.deepEqual(JSON.parse(json!), { COLOUR: 'red', TOKEN: 'a b' })
  })

  test('config:get shows one, of one that is none an empty line', async () => {
    const got = await Promise.all([
      ask('config:get', 'COLOUR'),
      ask('config:get', 'NOPE'),
      ask('config:get', '-s', 'TOKEN', 'COLOUR'),
      ask('config:get', '--json', 'COLOUR'),
    ])
    assert.deepEqual(got.slice(0, 3), ['red\n', '\n', "TOKEN='a b'\nCOLOUR=red\n"])
    assert.deepEqual(JSON.parse(got[3]!), { key: 'COLOUR', value: 'red' })
  })

  test('config:set and config:unset make releases that dynos run on', async () => {
    const set = await here.heroku(['config:set', 'COLOUR=blue', 'EMPTY=', 'EQUALS=a=b c'])
    const version = Number(/done, v(\d+)\n$/.exec(set.stderr)?.[1])
    answers(set, {
      stdout: 'COLOUR: blue\nEQUALS: a=b c\n',
      stderr: `Setting COLOUR, EMPTY, EQUALS and restarting app... done, v${version}\n`,
    })
    const ran = await here.heroku(['run', 'echo $COLOUR/$EQUALS'])
    answers(ran, { stdout: 'blue/a=b c\n', stderr: /^Running / })
    answers(await here.heroku(['config:unset', 'EMPTY', 'EQUALS']), {
      stderr: `Unsetting EMPTY, EQUALS and restarting app... done, v${version + 1}\n`,
    })
    assert.deepEqual(JSON.parse(await ask('config', '-j')), { COLOUR: 'blue', TOKEN: 'a b' })
    assert.match(
      await ask('releases', '-n', '1'),
      new RegExp(`v${version + 1} +Remove EMPTY, EQUALS config vars `),
    )
  })

  test('config:set without a word or a value is refused here, and a wrong name by the manifold', async () => {
    answers(await here.heroku(['config:set']), {
      stderr: / › {3}Error: Usage: heroku config:set KEY1=VALUE1/,
      status: 1,
    })
    answers(await here.heroku(['config:set', 'NOVALUE']), {
      stderr: ' ›   Error: NOVALUE is invalid. Must be in the format FOO=bar.\n',
      status: 1,
    })
    answers(await here.heroku(['config:set', 'a-b=1']), {
      stderr:
        /^Setting a-b and restarting app\.\.\. !\n › {3}Error: .+\n ›\n › {3}Error ID: invalid_params\n$/,
      status: 2,
    })
  })

  test('config:edit changes in an editor what is then shown and agreed to', async (t) => {
    const editor = `${here.sandbox.folder}/editor`
    writeFiles(here.sandbox.folder, {
      editor: `#!/bin/sh\nsed -i -e 's/^TOKEN=.*/TOKEN=new/' "$1"\n`,
    })
    const env = { EDITOR: editor, VISUAL: '' }
    const person = here.sit(['config:edit'], { env })
    t.after(() => person.hangUp())
    await person.sees(/Config Diff:\n- TOKEN='a b'\n\+ TOKEN=new\n/)
    await person.sees('Update config on')
    person.type('y\r')
    assert.equal(await person.status, 0, person.screen())
    assert.equal(await ask('config:get', 'TOKEN'), 'new\n')
    writeFileSync(editor, '#!/bin/sh\n')
    answers(await here.heroku(['config:edit'], { env }), {
      stderr: 'Fetching config... done\n ›   Warning: no changes to config\n',
    })
  })
})
