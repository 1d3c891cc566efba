import assert from 'node:assert/strict'
import test from 'node:test'
import * as history from './history.ts'
import { due, exited, killedBy, listening, play, restart, spawned, start } from './history.ts'

const UP = play([
  [0, start({ web: 3, worker: 1 })],
  ...[1, 2, 3, 4].map((life): history.Happening => [life, spawned(life)]),
  ...[1, 2, 3].map((life): history.Happening => [10 + life, listening(life)]),
])

// Heroku's own sequences, of real logs, line for line.
const SEQUENCES: Readonly<
  Record<string, readonly [history: readonly history.Happening[], lines: readonly string[]]>
> = {
  'a config change on a running web dyno': [
    [
      [100, restart('web.1')],
      [101, killedBy(15)],
      [102, spawned(5)],
      [103, listening(5)],
    ],
    [
      'Restarting',
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
      'Process exited with status 143',
      'Starting process with command `node web.js 5000`',
      'State changed from starting to up',
    ],
  ],
  'a crash loop': [
    [
      [100, exited(1)],
      [101, spawned(5)],
      [102, exited(1, 5)],
    ],
    [
      'Process exited with status 1',
      'State changed from up to crashed',
      'State changed from crashed to starting',
      'Starting process with command `node web.js 5000`',
      'Process exited with status 1',
      'State changed from starting to crashed',
    ],
  ],
  'a web dyno that binds no port': [
    [
      [100, restart('web.1')],
      [101, killedBy(15)],
      [102, spawned(5)],
      [60_101, due(5)],
      [60_102, killedBy(9, 5)],
    ],
    [
      ...['Restarting', 'State changed from up to starting', 'Stopping all processes with SIGTERM'],
      'Process exited with status 143',
      'Starting process with command `node web.js 5000`',
      'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
      'Stopping process with SIGKILL',
      'Process exited with status 137',
      'State changed from starting to crashed',
      'State changed from crashed to starting',
      'Starting process with command `node web.js 5000`',
    ],
  ],
  'a dyno that does not heed SIGTERM': [
    [
      [100, restart('web.1')],
      [30_100, due()],
      [30_101, killedBy(9)],
    ],
    [
      ...['Restarting', 'State changed from up to starting', 'Stopping all processes with SIGTERM'],
      'Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM',
      'Stopping remaining processes with SIGKILL',
      'Process exited with status 137',
      'Starting process with command `node web.js 5000`',
    ],
  ],
}

for (const [what, [happenings, lines]] of Object.entries(SEQUENCES)) {
  test(`${what} is logged as on Heroku`, () => {
    const outcome = play(happenings, UP.manifold)
    assert.deepEqual(
      history.logged(outcome),
      lines.map((line) => `heroku[web.1]: ${line}`),
    )
  })
}
