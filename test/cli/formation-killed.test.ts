import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { type Formation, logOf, manifoldOf, startFormation, testApp } from '../formation.ts'
import { dyno, kill, quiet, type Sandbox, sleepers, until } from '../harness.ts'

const GONE = ' !    The manifold is gone, and its dynos with it; run the command again.\n'
const CLEARED =
  /^ ! {4}A manifold of this app was killed; what it left was cleared: .*\/run\/dyno\/\w+\b.*\.\n/

const WAYS = [
  { walls: 'full', ordinary: false },
  { walls: 'folder', ordinary: false },
  { walls: 'folder', ordinary: true },
] as const

function typesThat(asleep: number): Record<string, string> {
  return {
    forker: `bin/forker ${asleep}`,
    'slow-exit': 'bin/slow-exit 0.3',
    stubborn: `trap '' TERM HUP INT; echo ready; while :; do sleep ${asleep}; done`,
  }
}

function slept(asleep: number, count: number): Promise<void> {
  return until(
    () => sleepers(asleep).length === count,
    () => `sleepers: ${sleepers(asleep)}`,
  )
}

describe('a formation that loses somebody to SIGKILL', { concurrency: 3 }, () => {
  WAYS.forEach(({ walls, ordinary }, i) => {
    const begin = async (sandbox: Sandbox, asleep: number): Promise<Formation> => {
      const start = startFormation(sandbox, [`--walls=${walls}`, '--grace', '1'])
      await start.says(': ready\n', 3)
      await slept(asleep, 3)
      return start
    }
    const whose = `${ordinary ? 'an ordinary user, ' : ''}${walls} walls`

    testApp(
      `without its client it is ended gracefully (${whose})`,
      typesThat(97300 + i),
      async (sandbox) => {
        const start = await begin(sandbox, 97300 + i)
        start.child.kill('SIGKILL')
        await slept(97300 + i, 0)
        await quiet(sandbox.folder, { hurry: true })
        const log = await logOf(sandbox)
        assert.ok(log.includes('app[slow-exit.1]: cleaned up'))
        assert.ok(log.includes('heroku[slow-exit.1]: Process exited with status 0'))
        assert.ok(log.includes('heroku[stubborn.1]: Process exited with status 137'))
      },
      { ordinary },
    )

    testApp(
      `without its manifold nobody survives, the client says so, and the next start clears up (${whose})`,
      typesThat(97310 + i),
      async (sandbox) => {
        const start = await begin(sandbox, 97310 + i)
        kill(manifoldOf(sandbox), 'SIGKILL')
        assert.deepEqual(await start.ended, [1, null])
        assert.equal(start.stderr().slice(-GONE.length), GONE)
        await slept(97310 + i, 0)
        const next = await begin(sandbox, 97310 + i)
        assert.match(next.stderr(), CLEARED)
        next.child.kill('SIGTERM')
        assert.deepEqual(await next.ended, [143, null])
        const told = (await logOf(sandbox, 'api')).filter((line) => line.includes('was cleared'))
        assert.equal(told.length, 1)
        const later = await dyno(sandbox, ['run', `--walls=${walls}`, 'echo', 'calm'])
        assert.doesNotMatch(later.stderr, /cleared/)
      },
      { ordinary },
    )
  })
})
