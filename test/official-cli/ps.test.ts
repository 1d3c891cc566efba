import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { answers, cellsOf, eventually, missing, type Official, openOfficial } from './official.ts'

const SINCE = String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d [+-]\d{4} \(~ \d+[sm] ago\)`
const STATE = `(?:up|starting) ${SINCE}`

async function open(t: TestContext, ...start: string[]): Promise<Official> {
  const here = await openOfficial({ start })
  t.after(here.close)
  return here
}

/** The names of all dynos that are up, when there are so many. */
async function upAre(here: Official, count: number): Promise<string[]> {
  type Dyno = { name: string; state: string }
  const dynos = await eventually(
    async () => JSON.parse((await here.dyno(['ps', '--json'])).stdout) as Dyno[],
    (dynos) => dynos.length === count && dynos.every(({ state }) => state === 'up'),
  )
  return dynos.map(({ name }) => name).sort()
}

describe('ps', { concurrency: 2 }, () => {
  test('ps shows a group for every command and one-offs first', async (t) => {
    const here = await open(t, 'web=2', 'worker=1', 'greet=0')
    await upAre(here, 3)
    const { stdout } = await here.heroku(['run:detached', 'sleep', '98872'])
    const name = /run\.\d+/.exec(stdout)![0]
    const [all, one, json, none, waited] = await Promise.all([
      here.heroku(['ps']),
      here.heroku(['ps', 'worker']),
      here.heroku(['ps', '--json']),
      here.heroku(['ps', 'nope']),
      here.heroku(['ps:wait']),
    ])
    const web = `=== web \\(Basic\\): node server\\.js \\(2\\)\\n\\nweb\\.1: up ${SINCE}\\nweb\\.2: up ${SINCE}\\n\\n`
    const worker = `=== worker \\(Basic\\): sh worker\\.sh \\(1\\)\\n\\nworker\\.1: up ${SINCE}\\n\\n`
    const run = `=== run: one-off processes \\(1\\)\\n\\n${name} \\(Basic\\): ${STATE}: sleep 98872\\n\\n`
    answers(all, { stdout: new RegExp(`^${run}${web}${worker}$`) })
    answers(one, { stdout: new RegExp(`^${worker}$`) })
    answers(json, { stdout: /^\[\n {2}\{/ })
    const names = (JSON.parse(json.stdout) as { name: string }[]).map((dyno) => dyno.name)
    assert.deepEqual(names, [name, 'web.1', 'web.2', 'worker.1'])
    answers(none, { stderr: '    Error: No nope dynos on app\n', status: 1 })
    answers(waited, {})
    answers(await here.heroku(['ps:stop', name]), {
      stderr: ` ›   Warning: DYNO is a deprecated argument. Use --dyno-name or --process-type instead.\nStopping dyno ${name} on app... done\n`,
    })
    assert.deepEqual(await upAre(here, 3), ['web.1', 'web.2', 'worker.1'])
  })

  test('ps:scale reads and sets, up, down and in size', async (t) => {
    const here = await open(t, 'web=1', 'worker=0', 'greet=0')
    const scale = async (words: string[], now: string) =>
      answers(await here.heroku(['ps:scale', ...words]), {
        stderr: `Scaling dynos... done, now running ${now}\n`,
      })
    const shows = async (stdout: string, ...words: string[]) =>
      answers(await here.heroku(['ps:scale', ...words]), { stdout })
    await shows('greet=0:Basic web=1:Basic worker=0:Basic\n')
    await scale(['worker=2'], 'worker at 2:Basic')
    await scale(['worker+1'], 'worker at 3:Basic')
    await scale(['worker-2'], 'worker at 1:Basic')
    await scale(['worker=1:standard-1x'], 'worker at 1:Standard-1X')
    await scale(['web=0', 'worker=0'], 'web at 0:Basic, worker at 0:Standard-1X')
    await shows('greet=0:Basic web=0:Basic worker=0:Standard-1X\n', 'bogus')
    answers(await here.heroku(['ps']), { stdout: 'No dynos on app\n' })
    answers(await here.heroku(['ps:scale', 'nope=1']), {
      stderr: /^Scaling dynos\.\.\. !\n › {3}Error: .+\n ›\n › {3}Error ID: (?:not_found|invalid_params)\n$/,
      status: 2,
    })
    answers(await here.heroku(['dyno:scale', 'web=1:enormous']), {
      stderr: /^Scaling dynos\.\.\. !\n › {3}Error: .+\n ›\n › {3}Error ID: (?:not_found|invalid_params)\n$/,
      status: 2,
    })
    await shows('greet=0:Basic web=0:Basic worker=0:Standard-1X\n')
  })

  test('ps:type shows sizes and sets them, of one type or of all', async (t) => {
    const here = await open(t, 'web=1', 'worker=0', 'greet=0')
    const before = await here.heroku(['ps:type'])
    answers(before, { stdout: /^=== Process Types\n(?:.*\n)*=== Dyno Totals\n/ })
    assert.deepEqual(cellsOf(before.stdout).slice(0, 4), [
      ['type', 'size', 'qty', 'cost/hour', 'max cost/month'],
      ['greet', 'Basic', '0', '~$0.010', '$0'],
      ['web', 'Basic', '1', '~$0.010', '$7'],
      ['worker', 'Basic', '0', '~$0.010', '$0'],
    ])
    const one = await here.heroku(['ps:type', 'web=standard-2x'])
    answers(one, { stdout: /^=== Process Types\n/, stderr: 'Scaling dynos on app... done\n' })
    assert.deepEqual(cellsOf(one.stdout)[2], ['web', 'Standard-2X', '1', '~$0.069', '$50'])
    const all = await here.heroku(['ps:resize', 'standard-1x'])
    answers(all, { stdout: /^=== Process Types\n/, stderr: 'Scaling dynos on app... done\n' })
    assert.deepEqual(
      cellsOf(all.stdout)
        .slice(1, 4)
        .map(([type, size]) => `${type} ${size}`),
      ['greet Standard-1X', 'web Standard-1X', 'worker Standard-1X'],
    )
    answers(await here.heroku(['ps:type', 'nope=basic']), {
      stderr: /^ {4}Error: Type nope not found in process formation\.\n {4}Types: \w+, \w+, \w+\n$/,
      status: 1,
    })
  })

  test('ps:stop ends one-offs, and formation dynos come back', async (t) => {
    const here = await open(t, 'web=0', 'worker=2', 'greet=0')
    await upAre(here, 2)
    const begin = async () => {
      const { stdout } = await here.heroku(['run:detached', 'sleep', '98873'])
      return /run\.\d+/.exec(stdout)![0]
    }
    const [first, second, third] = await Promise.all([begin(), begin(), begin()])
    const stopping = (what: string) => ({ stderr: `Stopping ${what} on app... done\n` })
    answers(await here.heroku(['ps:stop', '--dyno-name', first!]), stopping(`dyno ${first}`))
    answers(await here.heroku(['ps:kill', '-d', second!]), stopping(`dyno ${second}`))
    answers(await here.heroku(['ps:stop', '--process-type', 'run']), stopping('all run dynos'))
    assert.deepEqual(await upAre(here, 2), ['worker.1', 'worker.2'], `${third} is gone too`)
    answers(await here.heroku(['ps:stop', '-d', 'worker.2']), stopping('dyno worker.2'))
    assert.deepEqual(await upAre(here, 2), ['worker.1', 'worker.2'])
    answers(await here.heroku(['ps:stop']), {
      stderr:
        / › {3}Error: Please specify a process type or dyno name to stop\.\n › {3}See more help with --help\n/,
      status: 2,
    })
    answers(await here.heroku(['ps:stop', '-d', 'run.99999']), {
      stderr: missing("Couldn't find that dyno", 'Stopping dyno run.99999 on app... !\n'),
      status: 2,
    })
  })

  test('ps:restart gives new lives to all, to a type and to one', async (t) => {
    const here = await open(t, 'web=1', 'worker=2', 'greet=0')
    await upAre(here, 3)
    let restarts = { 'web.1': 0, 'worker.1': 0, 'worker.2': 0 }
    const seen = async () => {
      const { stdout } = await here.dyno(['logs', '-n', '1500'])
      const starts = (name: string) => stdout.split(`heroku[${name}]: Starting process`).length - 2
      return { 'web.1': starts('web.1'), 'worker.1': starts('worker.1'), 'worker.2': starts('worker.2') }
    }
    const restart = async (words: string[], what: string, who: (keyof typeof restarts)[]) => {
      answers(await here.heroku(['ps:restart', ...words]), { stderr: `Restarting ${what} on app... done\n` })
      for (const name of who) restarts = { ...restarts, [name]: restarts[name] + 1 }
      const total = (of: typeof restarts) => Object.values(of).reduce((sum, each) => sum + each)
      const now = await eventually(seen, (each) => total(each) >= total(restarts))
      assert.deepEqual(now, restarts)
      await upAre(here, 3)
    }
    await restart([], 'all dynos', ['web.1', 'worker.1', 'worker.2'])
    await restart(['-d', 'worker.1'], 'dyno worker.1', ['worker.1'])
    await restart(['--process-type', 'worker'], 'all worker dynos', ['worker.1', 'worker.2'])
    answers(await here.heroku(['ps:wait', '--type', 'worker']), {})
    answers(await here.heroku(['ps:wait', '-w', '3']), {
      stderr: /^ › {3}Error: Parsing --wait-interval \n › {3}\twait-interval must be at least 10\n/,
      status: 1,
    })
  })
})
