import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { clientOf, dyno, kill, leadersOf, pidsOf, quiet, sleepers } from '../harness.ts'

const CALM = { 'slow-exit': 'bin/slow-exit 0.1' }

describe('dynos of a formation that end by themselves', { concurrency: 4 }, () => {
  for (const [command, status] of [
    ['bin/crasher 0', 0],
    ['bin/crasher 3', 3],
    ['bin/killed KILL', 137],
    ['bin/there-is-no-such-program', 127],
    ['bin/not-executable', 126],
  ] as const) {
    testApp(
      `'${command}' has crashed with ${status}, begins again once at once, and the others run on`,
      { ...CALM, ends: command },
      async (sandbox) => {
        const start = startFormation(sandbox, ['--backoff', '1000'])
        await start.says('app[slow-exit.1]: ready\n')
        await start.says('heroku[ends.1]: State changed from up to crashed\n', 2)
        const life = [
          `Starting process with command \`${command}\``,
          'State changed from starting to up',
          `Process exited with status ${status}`,
          'State changed from up to crashed',
        ]
        assert.deepEqual(
          start.lines('ends.1').filter((line) => line.startsWith('heroku')),
          [...life, 'State changed from crashed to starting', ...life].map(
            (line) => `heroku[ends.1]: ${line}`,
          ),
        )
        assert.match((await dyno(sandbox, ['ps'])).stdout, /^ends\.1 +crashed for .*\nslow-exit\.1 +up for /m)
        start.child.kill('SIGINT')
        assert.deepEqual(await start.ended, [status === 0 ? 130 : status, null])
        assert.ok(start.lines().includes('app[slow-exit.1]: cleaned up'))
        if (status > 125 && status < 128) {
          const why = status === 127 ? 'No such file or directory' : 'Permission denied'
          assert.match(
            start.lines('ends.1').join('\n'),
            new RegExp(`app\\[ends\\.1\\]: .*${command}: ${why}`),
          )
        }
      },
    )

    if (![0, 137].includes(status)) continue
    testApp(
      `with --exit-on-crash '${command}' stops all, status ${status}`,
      { ...CALM, ends: `until [ -e $HOME/go ]; do sleep 0.1; done; ${command}` },
      async (sandbox) => {
        const start = startFormation(sandbox, ['--exit-on-crash'])
        await start.says('app[slow-exit.1]: ready\n')
        assert.equal((await dyno(sandbox, ['ps:exec', 'ends.1', 'touch $HOME/go'])).status, 0)
        assert.deepEqual(await start.ended, [status, null])
        assert.ok(start.lines().includes('app[slow-exit.1]: cleaned up'))
        assert.equal(start.lines('ends.1').filter((line) => line.includes('Starting process')).length, 1)
      },
    )
  }

  testApp(
    'with --exit-on-crash a formation whose dynos all end well ends well',
    { one: 'true', two: 'true' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--exit-on-crash'])
      assert.deepEqual(await start.ended, [0, null], start.stderr() + start.lines().join('\n'))
    },
  )

  testApp(
    'the status is that of the first dyno that failed, however the others end',
    { first: 'bin/crasher 3', second: 'echo ready; until [ -e $HOME/go ]; do sleep 0.1; done; exit 4' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--backoff', '1000'])
      await start.says('[first.1]: Process exited with status 3\n', 2)
      await dyno(sandbox, ['ps:exec', 'second.1', 'touch $HOME/go'])
      await start.says('[second.1]: Process exited with status 4\n')
      await start.says('app[second.1]: ready\n', 2)
      start.child.kill('SIGTERM')
      assert.deepEqual(await start.ended, [3, null])
    },
  )

  testApp('a second start is refused, and the first goes on', CALM, async (sandbox) => {
    const start = startFormation(sandbox, [])
    await start.says(': ready\n')
    const second = await dyno(sandbox, ['start'])
    assert.match(
      second.stderr,
      /^ ! {4}A formation of this app already runs \(pid \d+\); see it with 'dyno ps' and 'dyno logs -t', end it with 'dyno down'\.\n$/,
    )
    assert.deepEqual([second.stdout, second.status], ['', 1])
    assert.match((await dyno(sandbox, ['ps'])).stdout, /^slow-exit\.1 +up for /m)
    start.child.kill('SIGINT')
    assert.deepEqual(await start.ended, [130, null])
    assert.equal(start.lines('slow-exit.1').filter((line) => line.includes('Starting')).length, 1)
  })

  testApp(
    'a dyno that waits to begin again is stopped at once, and its timer is gone',
    { crasher: 'bin/crasher 1', ...CALM },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--backoff', '1000'])
      await start.says('[crasher.1]: State changed from up to crashed\n', 2)
      await dyno(sandbox, ['ps:scale', 'crasher=0'])
      await start.says('[crasher.1]: State changed from crashed to down\n')
      assert.doesNotMatch((await dyno(sandbox, ['ps'])).stdout, /crasher/)
      assert.equal((await dyno(sandbox, ['down'])).stdout, 'Stopping all processes... done\n')
      await start.ended
      await quiet(sandbox.folder, { hurry: true })
    },
  )

  testApp(
    'a restart of everything does not end the formation',
    { ...CALM, forker: 'bin/forker 97401' },
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says(': ready\n', 2)
      assert.equal((await dyno(sandbox, ['ps:restart'])).stdout, 'Restarting processes... done\n')
      await start.says(': ready\n', 4)
      assert.equal(sleepers(97401).length, 2)
      assert.equal(start.child.exitCode, null)
      start.child.kill('SIGTERM')
      assert.deepEqual(await start.ended, [143, null])
    },
  )

  testApp(
    'a dyno whose first process was killed has crashed, and what it left does not count as alive',
    { forker: 'bin/forker 97402' },
    async (sandbox) => {
      const start = startFormation(sandbox, ['--walls=full'])
      await start.says(': ready\n')
      kill(leadersOf(sandbox.folder)[0]!, 'SIGKILL')
      await start.says('heroku[forker.1]: Process exited with status 137\n')
      await start.says(': ready\n', 2)
      assert.equal(sleepers(97402).length, 2)
      assert.equal(pidsOf(sandbox.folder, clientOf('start')).length, 1)
      assert.equal((await dyno(sandbox, ['down'])).stdout, 'Stopping all processes... done\n')
      assert.deepEqual(await start.ended, [137, null])
      assert.deepEqual(sleepers(97402), [])
    },
  )
})
