import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { literally } from '../person.ts'
import { answers, cellsOf, type Official, openOfficial, refused } from './official.ts'

let here: Official
let me: string
before(async () => {
  here = await openOfficial({ start: ['web=1', 'worker=2', 'greet=0'] })
  me = (await here.heroku(['auth:whoami'])).stdout.trim()
})
after(() => here.close())

/** Standard output of a command that says nothing else and succeeds. */
async function said(...words: string[]): Promise<string> {
  const ran = await here.heroku(words)
  answers(ran, { stdout: /^/ })
  return ran.stdout
}

describe('apps, and what belongs to them', () => {
  test('apps lists the one app under its owner', async () => {
    assert.equal(await said('apps'), `=== ${me} Apps\n\napp\n`)
    const [app, ...others] = JSON.parse(await said('apps', '--json'))
    assert.deepEqual([app.name, app.owner.email, others], ['app', me, []])
  })

  test('apps:info knows the owner, the dynos and the stack', async () => {
    const shown = await said('apps:info')
    assert.match(shown, /^=== app\n\nAuto Cert Mgmt: false\n/)
    assert.match(shown, new RegExp(`^Owner: +${literally(me)}$`, 'm'))
    assert.match(shown, /^Dynos: +web: 1, worker: 2$/m)
    assert.match(shown, /^Web URL: +https?:\/\/\S+\/$/m)
    assert.match(shown, /^Stack: +heroku-\d\d$/m)
    assert.doesNotMatch(shown, /undefined|null|NaN|Create Status/)
  })

  test('apps:info -s and --json say the same for programs', async () => {
    const shell = await said('apps:info', '--shell')
    assert.match(shell, /^owner=.+$/m)
    assert.match(shell, /^dynos=\{ web: 1, worker: 2 \}$/m)
    assert.doesNotMatch(shell, /undefined|null|NaN|create_status/)
    const { app, dynos, addons } = JSON.parse(await said('apps:info', '--json'))
    assert.deepEqual([app.name, dynos.length, addons], ['app', 3, []])
  })

  test('auth:whoami and auth:token know who asks and by which key', async () => {
    const stderr = ' ›   Warning: HEROKU_API_KEY is set\n'
    answers(await here.heroku(['whoami']), { stdout: /^\S+@\S+\n$/, stderr })
    assert.equal(await said('auth:token'), `${here.api.HEROKU_API_KEY}\n`)
  })

  test('regions and stacks are one each, and the app is on it', async () => {
    const rows = cellsOf(await said('regions'))
    assert.deepEqual(rows[0], ['ID', 'Location', 'Runtime'])
    assert.deepEqual([rows.length, rows[1]![0]], [2, 'us'])
    assert.equal(JSON.parse(await said('regions', '--json')).length, 1)
    assert.match(
      await said('apps:stacks'),
      /^=== app Available Stacks\n\n(?: {2}\S+\n)*\* heroku-\d\d\n(?: {2}\S+\n)*$/,
    )
  })

  test('access names the owner and nobody else', async () => {
    const [collaborator, ...others] = JSON.parse(await said('access', '--json'))
    assert.deepEqual([collaborator.user.email, collaborator.role, others], [me, 'owner', []])
  })

  const lists: [words: string[], stdout: string][] = [
    [['addons'], 'No add-ons for app app.\n'],
    [['drains'], ''],
    [['domains'], '=== app Heroku Domain\n\n\n'],
    [['features'], '=== App Features app\n\n'],
    [['buildpacks'], 'app has no Buildpacks.\n'],
    [['telemetry', '--app', 'app'], 'There are no telemetry drains in app\n'],
    [['pipelines'], '=== My Pipelines\n\n'],
  ]
  for (const [words, stdout] of lists) {
    test(`${words.join(' ')} is an honest nothing`, async () => {
      answers(await here.heroku(words), { stdout })
    })
  }

  test('maintenance is off, on after maintenance:on, and off again', async () => {
    const stderr = 'Enabling maintenance mode for app... done\n'
    answers(await here.heroku(['maintenance:on']), { stderr })
    assert.equal(await said('maintenance', '--app', 'app'), 'on\n')
    answers(await here.heroku(['maintenance:off']), {
      stderr: 'Disabling maintenance mode for app... done\n',
    })
    assert.equal(await said('maintenance'), 'off\n')
  })

  const instead: [words: string[], message: RegExp][] = [
    [['pipelines:create', 'x', '--stage', 'staging'], /There are no pipelines here/],
    [['webhooks:add', '-i', 'api:release', '-l', 'notify', '-u', 'http://localhost/'], /no webhooks here/],
    [['authorizations:create'], /There are no keys here but that of 'dyno api --env'/],
    [['buildpacks:set', 'https://github.com/heroku/heroku-buildpack-nodejs'], /There are no buildpacks here/],
    [['apps:leave'], /Everybody here is you/],
    [['ps:exec'], /`ps:exec` cannot come here; type 'dyno ps:exec'/],
  ]
  for (const [words, message] of instead) {
    test(`${words[0]} is refused with what there is instead`, async () => {
      const ran = await here.heroku(words)
      assert.match(ran.stderr.replaceAll(/\n › +/g, ' '), message)
      assert.match(ran.stderr, /Error ID: forbidden\n$/)
    })
  }

  test('what a manifold has not is not found', async () => {
    answers(await here.heroku(['features:info', 'nope']), refused("Couldn't find that feature.", 'not_found'))
    answers(
      await here.heroku(['apps:info', '--app', 'nope']),
      refused("Couldn't find that app.", 'not_found'),
    )
  })
})
