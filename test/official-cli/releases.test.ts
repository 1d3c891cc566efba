import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { APP, answers, cellsOf, missing, type Official, openOfficial } from './official.ts'

let here: Official
before(async () => {
  const files = { ...APP, Procfile: `${APP.Procfile}release: echo migrating for $COLOUR\n` }
  here = await openOfficial({ files, start: ['web=0', 'worker=1', 'greet=0'] })
  for (const word of ['COLOUR=green', 'COLOUR=blue', 'MORE=1']) {
    assert.equal((await here.dyno(['config:set', word])).status, 0)
  }
})
after(() => here.close())

type Release = { version: number; status: string; description: string; current: boolean }
const list = async (...words: string[]): Promise<Release[]> => {
  const ran = await here.heroku(['releases', '--json', ...words])
  answers(ran, { stdout: /^\[/ })
  return JSON.parse(ran.stdout)
}

describe('releases', () => {
  test('releases lists them, the newest first, and says which is current', async () => {
    const [all, two, table] = await Promise.all([
      list(),
      list('-n', '2'),
      here.heroku(['releases', '-n', '3']),
    ])
    const newest = all![0]!
    assert.equal(newest.current, true)
    assert.deepEqual(
      all!.map(({ version }) => version),
      all!.map((_, index) => newest.version - index),
    )
    assert.deepEqual(
      two!.map(({ version }) => version),
      [newest.version, newest.version - 1],
    )
    answers(table!, { stdout: new RegExp(`^=== app Releases - Current: v${newest.version}\\n`) })
    const rows = cellsOf(table!.stdout)
    assert.deepEqual(rows[0], ['v', 'description', 'user', 'created_at'])
    assert.deepEqual(rows[1]!.slice(0, 2), [`v${newest.version}`, 'Set MORE config vars'])
    assert.match(rows[1]![3]!, /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4} \(~ \d+[sm] ago\)$/)
    assert.equal(rows.length, 4)
  })

  test('releases:info tells of one, and of the config vars it had', async () => {
    const [{ version }] = (await list('-n', '1')) as [Release]
    const [last, older, json] = await Promise.all([
      here.heroku(['releases:info']),
      here.heroku(['releases:info', `v${version - 2}`, '--shell']),
      here.heroku(['releases:info', `v${version}`, '--json']),
    ])
    answers(last!, {
      stdout: new RegExp(
        `^=== Release v${version}\\n\\nBy: +\\S+@\\S+\\nChange: +Set MORE config vars\\nEligible for Rollback\\?: +Yes\\nWhen: +\\S+T\\S+Z\\n\\n=== v${version} Config vars\\n\\n(?:COLOUR: blue\\n|MORE: +1\\n|TOKEN: +a b\\n){3}$`,
      ),
    })
    answers(older!, {
      stdout: new RegExp(`\\n=== v${version - 2} Config vars\\n\\nCOLOUR=green\\nTOKEN='a b'\\n$`),
    })
    answers(json!, { stdout: /^\{\n/ })
    assert.equal(JSON.parse(json!.stdout).version, version)
    answers(await here.heroku(['releases:info', 'v999']), { stderr: missing(/.*\brelease/), status: 2 })
  })

  test('releases:output shows what the release command said', async () => {
    const [{ version }] = (await list('-n', '1')) as [Release]
    answers(await here.heroku(['releases:output']), { stdout: /^(?:.*\n)*migrating for blue\n(?:.*\n)*$/ })
    const older = await here.heroku(['releases:output', `v${version - 2}`])
    answers(older, { stdout: /migrating for green\n/ })
  })

  test('rollback makes a new release of an old one, and a dyno runs on it', async () => {
    const [{ version }] = (await list('-n', '1')) as [Release]
    const rolled = (to: number, made: number) => ({
      stdout: /^Running release command\.\.\.\n(?:.*\n)*migrating for \w+\n(?:.*\n)*$/,
      stderr: `Rolling back app to v${to}... done, v${made}\n ›   Warning: Rollback affects code and config vars; it doesn't add or remove addons.\n ›   Warning: To undo, run: heroku rollback v${made - 1}\n`,
    })
    answers(await here.heroku(['rollback', `v${version - 2}`]), rolled(version - 2, version + 1))
    const ran = await here.heroku(['run', 'echo $COLOUR'])
    answers(ran, { stdout: 'green\n', stderr: /^Running / })
    answers(await here.heroku(['releases:rollback']), rolled(version, version + 2))
    const [now] = await list('-n', '1')
    assert.deepEqual([now!.description, now!.current], [`Rollback to v${version}`, true])
    answers(await here.heroku(['rollback', 'v999']), { stderr: missing(/.*\brelease/), status: 2 })
  })
})
