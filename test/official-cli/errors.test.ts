import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { answers, type Official, openOfficial, refused } from './official.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=1', 'worker=0', 'greet=0'] })
})
after(() => here.close())

const missing = refused("Couldn't find that app.", 'not_found')

describe('errors', () => {
  for (const words of [
    ['ps:scale', 'web=1'],
    ['run', 'bash'],
  ]) {
    test(`${words.join(' ')} of an unknown app is refused with 2`, async () => {
      const before = words[1] === 'web=1' ? 'Scaling dynos... !\n' : ''
      const [command, ...rest] = words
      answers(await here.heroku([command!, '--app', 'nope', ...rest]), {
        ...missing,
        stderr: `${before}${missing.stderr}`,
      })
    })
  }

  test('a wrong key is refused with 1 and a sentence', async () => {
    const ran = await here.heroku(['apps'], { env: { HEROKU_API_KEY: 'wrong' } })
    answers(ran, {
      stderr:
        /^ {4}Error: The token provided to HEROKU_API_KEY is invalid\. Please double-check that you have the correct token, or run `heroku login` without HEROKU_API_KEY set\.\n$/,
      status: 1,
    })
  })

  test('an unknown flag, a missing app and an unknown command are the fault of who typed', async () => {
    answers(await here.heroku(['run', 'bash', '-c', 'x']), {
      stderr: /^ › {3}Error: Nonexistent flag: -c\n › {3}See more help with --help\n\nUSAGE\n/,
      status: 2,
    })
    answers(await here.heroku(['ps'], { env: { HEROKU_APP: '' } }), {
      stderr: /^ › {3}Error: The following error occurred:\n › {5}Missing required flag app\n/,
      status: 2,
    })
    answers(await here.heroku(['run', '--']), {
      stderr: '    Error: Usage: heroku run COMMAND\n\n    Example: heroku run bash\n',
      status: 1,
    })
  })

  test('dyno heroku runs the one on PATH and passes its status on', async () => {
    const ran = await here.dyno(['heroku', 'ps:scale'])
    answers(ran, { stdout: 'greet=0:Basic web=1:Basic worker=0:Basic\n' })
    answers(await here.dyno(['heroku', 'ps', '--app', 'nope']), missing)
  })

  test('dyno api --env says the same words again while it is open', async () => {
    const [first, second] = [await here.dyno(['api', '--env']), await here.dyno(['api', '--env'])]
    assert.equal(first.stdout, second.stdout)
    for (const line of [
      /^export HEROKU_HOST=http:\/\/localhost:\d+$/m,
      /^export HEROKU_API_KEY=\S+$/m,
      /^export NODE_EXTRA_CA_CERTS=\S+\.pem$/m,
      /^export HEROKU_PARTICLEBOARD_URL=http:\/\/localhost:\d+$/m,
      /^export DISABLE_TELEMETRY=true$/m,
    ]) {
      assert.match(first.stdout, line)
    }
    assert.match(first.stdout, /^(?:export \w+=\S+\n)+$/)
    assert.ok(first.stdout.includes(here.api.HEROKU_API_KEY))
  })
})

test('an API that was closed is a refused connection, and nothing of it is left', async (t) => {
  const other = await openOfficial({ start: ['web=0', 'worker=1', 'greet=0'] })
  t.after(other.close)
  answers(await other.heroku(['ps:scale']), { stdout: 'greet=0:Basic web=0:Basic worker=1:Basic\n' })
  assert.equal((await other.dyno(['api', '--close'])).status, 0)
  const port = new URL(other.api.HEROKU_HOST).port
  answers(await other.heroku(['ps']), {
    stderr: new RegExp(`^ {4}Error: connect ECONNREFUSED [\\d.:a-f]+:${port}\\n {4}Code: ECONNREFUSED\\n$`),
    status: 1,
  })
})
