import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { quiet, sleepers } from '../harness.ts'

const TIDY = { 'slow-exit': 'bin/slow-exit 0.3', signals: 'bin/signals' }

describe('a formation and signals to its client', { concurrency: 4 }, () => {
  for (const walls of ['full', 'folder']) {
    const signals = ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM'] as const
    for (const signal of walls === 'full' ? signals : signals.slice(0, 1)) {
      const status = 128 + constants.signals[signal]
      testApp(
        `${signal} to its client alone ends it with one SIGTERM, clean-up lines and status ${status} (${walls})`,
        TIDY,
        async (sandbox) => {
          const start = startFormation(sandbox, [`--walls=${walls}`])
          await start.says(': ready\n', 2)
          start.child.kill(signal)
          assert.deepEqual(await start.ended, [status, null])
          assert.deepEqual(start.lines('slow-exit.1').slice(-5), [
            'heroku[slow-exit.1]: State changed from up to down',
            'heroku[slow-exit.1]: Stopping all processes with SIGTERM',
            'app[slow-exit.1]: cleaning up',
            'app[slow-exit.1]: cleaned up',
            'heroku[slow-exit.1]: Process exited with status 0',
          ])
          assert.deepEqual(
            start.lines('signals.1').filter((line) => line.includes('got')),
            ['app[signals.1]: got SIGTERM'],
          )
        },
      )
    }

    testApp(
      `what left its session and holds the output ends with its dyno, and nobody waits for the pipe (${walls})`,
      { forker: `bin/forker 9710${walls.length}`, daemon: `bin/daemon 9710${walls.length}` },
      async (sandbox) => {
        const asleep = `9710${walls.length}`
        const start = startFormation(sandbox, [`--walls=${walls}`, '--backoff', '1000'])
        await start.says('app[forker.1]: ready\n')
        await start.says('heroku[daemon.1]: State changed from up to crashed\n', 2)
        assert.equal(sleepers(asleep).length, 2)
        start.child.kill('SIGINT')
        assert.deepEqual(await start.ended, [130, null])
        assert.deepEqual(sleepers(asleep), [])
        assert.deepEqual(start.lines('forker.1').slice(-1), [
          'heroku[forker.1]: Process exited with status 143',
        ])
      },
    )

    for (const signal of walls === 'full' ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const)) {
      testApp(
        `after ${signal} a program behind a shell that stays cleans up, and the shell goes no further (${walls})`,
        { compound: 'cd bin && ./slow-exit 0.3; echo the line after it' },
        async (sandbox) => {
          const start = startFormation(sandbox, [`--walls=${walls}`])
          await start.says(': ready\n')
          start.child.kill(signal)
          assert.deepEqual(await start.ended, [128 + constants.signals[signal], null])
          assert.deepEqual(start.lines('compound.1').slice(-4), [
            'heroku[compound.1]: Stopping all processes with SIGTERM',
            'app[compound.1]: cleaning up',
            'app[compound.1]: cleaned up',
            'heroku[compound.1]: Process exited with status 143',
          ])
        },
      )
    }

    testApp(
      `one that ignores SIGTERM is named, and killed when the grace is over (${walls})`,
      { stubborn: 'bin/stubborn', signals: 'bin/signals' },
      async (sandbox) => {
        const start = startFormation(sandbox, [`--walls=${walls}`, '--grace', '2'])
        await start.says(': ready\n', 2)
        start.child.kill('SIGINT')
        assert.deepEqual(await start.ended, [130, null])
        assert.deepEqual(start.lines('stubborn.1').slice(-5), [
          'heroku[stubborn.1]: State changed from up to down',
          'heroku[stubborn.1]: Stopping all processes with SIGTERM',
          'heroku[stubborn.1]: Error R12 (Exit timeout) -> At least one process failed to exit within 2 seconds of SIGTERM',
          'heroku[stubborn.1]: Stopping remaining processes with SIGKILL',
          'heroku[stubborn.1]: Process exited with status 137',
        ])
        const [stopping, waiting] = start.stderr().split('\n')
        assert.equal(stopping, ' !    Stopping all processes; Ctrl-C again kills them.')
        // A slow machine may not have ended the other yet.
        assert.match(
          waiting!,
          /^ ! {4}Waiting for stubborn\.1(, signals\.1)?: SIGKILL in 1 s, or at once with Ctrl-C\.$/,
        )
        await quiet(sandbox.folder, { hurry: true })
      },
    )
  }

  testApp(
    'a second signal kills what the first did not end',
    { stubborn: 'bin/stubborn' },
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says(': ready\n')
      start.child.kill('SIGTERM')
      await start.says('Stopping all processes with SIGTERM\n')
      start.child.kill('SIGTERM')
      assert.deepEqual(await start.ended, [143, null])
      assert.deepEqual(start.lines('stubborn.1').slice(-2), [
        'heroku[stubborn.1]: Stopping remaining processes with SIGKILL',
        'heroku[stubborn.1]: Process exited with status 137',
      ])
    },
  )

  testApp(
    'hanging up twice, as kernel and shell do when a window is closed, kills nobody',
    { 'slow-exit': 'bin/slow-exit 0.5' },
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says(': ready\n')
      start.child.kill('SIGHUP')
      await start.says(': cleaning up\n')
      start.child.kill('SIGHUP')
      assert.deepEqual(await start.ended, [129, null])
      assert.ok(start.lines().includes('app[slow-exit.1]: cleaned up'))
    },
  )

  testApp(
    'a Ctrl-C that a wrapper passes on as well is one Ctrl-C, and kills nobody',
    { 'slow-exit': 'bin/slow-exit 0.5' },
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says(': ready\n')
      const { pid } = start.child
      spawnSync('sh', ['-c', `kill -INT ${pid}; kill -INT ${pid}; kill -INT ${pid}`])
      assert.deepEqual(await start.ended, [130, null])
      assert.ok(start.lines().includes('app[slow-exit.1]: cleaned up'))
    },
  )

  testApp(
    'a dyno on a terminal is given all of its grace to clean up',
    { 'slow-exit': 'bin/slow-exit 3.5' },
    async (sandbox) => {
      const start = startFormation(sandbox, [])
      await start.says(': ready\n')
      start.child.kill('SIGTERM')
      assert.deepEqual(await start.ended, [143, null])
      assert.deepEqual(start.lines('slow-exit.1').slice(-2), [
        'app[slow-exit.1]: cleaned up',
        'heroku[slow-exit.1]: Process exited with status 0',
      ])
    },
  )
})
