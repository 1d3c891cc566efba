import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { describe } from 'node:test'
import { type Formation, logOf, startFormation, testApp } from '../formation.ts'
import { dyno, type Sandbox } from '../harness.ts'

const USER = userInfo().username
const WEB = `node -e 'require("http").createServer().listen(process.env.PORT, () => console.log("bound"))'`

/** Heroku's lines of a dyno of the formation, when the last of them has been said. */
async function systemLines(sandbox: Sandbox, ps: string): Promise<string[]> {
  const lines = (await logOf(sandbox, ps)).filter((line) => line.startsWith('heroku['))
  return lines.map((line) => line.slice(`heroku[${ps}]: `.length))
}

/** What is said of the app itself; a slug is named by its hash. */
async function apiLines(sandbox: Sandbox): Promise<string[]> {
  const lines = await logOf(sandbox, 'api')
  return lines.map((line) => line.replace(/^app\[api\]: /, '').replace(/(?<=^Deploy )[0-9a-f]{8}\b/, 'SLUG'))
}

const RELEASED = [`Deploy SLUG by user ${USER}`, `Release v1 created by user ${USER}`]

async function leave(start: Formation): Promise<number | null> {
  start.child.kill('SIGTERM')
  return (await start.ended)[0]
}

const DOWN = ['State changed from up to down', 'Stopping all processes with SIGTERM']

describe('the log of a formation is that of Heroku, line for line', { concurrency: 3 }, () => {
  testApp('when it starts, is restarted and ends', { web: WEB }, async (sandbox) => {
    const start = startFormation(sandbox, [])
    await start.says('[web.1]: State changed from starting to up\n')
    assert.equal((await dyno(sandbox, ['ps:restart', 'web.1'])).stdout, 'Restarting web.1 process... done\n')
    await start.says('[web.1]: State changed from starting to up\n', 2)
    assert.equal(await leave(start), 143)
    const command = `Starting process with command \`${WEB}\``
    assert.deepEqual(await apiLines(sandbox), [...RELEASED, `Scaled to web@1:Basic by user ${USER}`])
    assert.deepEqual(await systemLines(sandbox, 'web.1'), [
      ...[command, 'State changed from starting to up', 'Restarting', 'State changed from up to starting'],
      ...['Stopping all processes with SIGTERM', 'Process exited with status 143', command],
      ...['State changed from starting to up', ...DOWN, 'Process exited with status 143'],
    ])
    const stripped = start.lines()
    assert.deepEqual(await logOf(sandbox), stripped)
  })

  testApp('when a dyno crashes in a loop, and is scaled to nothing', { web: 'exit 1' }, async (sandbox) => {
    const start = startFormation(sandbox, ['--backoff', '1000'])
    await start.says('to crashed\n', 2)
    assert.equal(
      (await dyno(sandbox, ['ps:scale', 'web=0'])).stdout,
      'Scaling web processes... done, now running 0\n',
    )
    await start.says('[web.1]: State changed from crashed to down\n')
    assert.equal(await leave(start), 1)
    const life = [
      ...['Starting process with command `exit 1`', 'Process exited with status 1'],
      'State changed from starting to crashed',
    ]
    assert.deepEqual(await systemLines(sandbox, 'web.1'), [
      ...[...life, 'State changed from crashed to starting', ...life],
      'State changed from crashed to down',
    ])
    assert.equal((await logOf(sandbox)).at(-2), `app[api]: Scaled to web@0:Basic by user ${USER}`)
  })

  testApp('when web binds no port: R10', { web: 'bin/stubborn' }, async (sandbox) => {
    const start = startFormation(sandbox, ['--boot-timeout', '1', '--backoff', '1000'])
    await start.says('to crashed\n', 2)
    assert.equal(await leave(start), 137)
    const life = [
      'Starting process with command `bin/stubborn`',
      'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 1 seconds of launch',
      ...['Stopping process with SIGKILL', 'Process exited with status 137'],
      'State changed from starting to crashed',
    ]
    assert.deepEqual(await systemLines(sandbox, 'web.1'), [
      ...[...life, 'State changed from crashed to starting', ...life],
      'State changed from crashed to down',
    ])
  })

  testApp('when a dyno does not heed SIGTERM: R12', { stubborn: 'bin/stubborn' }, async (sandbox) => {
    const start = startFormation(sandbox, ['--grace', '1'])
    await start.says('[stubborn.1]: ready\n')
    await dyno(sandbox, ['ps:restart', 'stubborn'])
    await start.says('[stubborn.1]: ready\n', 2)
    start.child.kill('SIGKILL')
    await start.ended
    await sandbox.close()
    const killed = [
      'Stopping all processes with SIGTERM',
      'Error R12 (Exit timeout) -> At least one process failed to exit within 1 seconds of SIGTERM',
      ...['Stopping remaining processes with SIGKILL', 'Process exited with status 137'],
    ]
    assert.deepEqual(
      start
        .lines('stubborn.1')
        .filter((line) => line.startsWith('heroku'))
        .map((line) => line.slice(20)),
      [
        ...['Starting process with command `bin/stubborn`', 'State changed from starting to up'],
        ...['Restarting', 'State changed from up to starting', ...killed],
        ...['Starting process with command `bin/stubborn`', 'State changed from starting to up'],
      ],
    )
  })

  testApp('when it is scaled up and down, highest numbers first', { w: 'bin/signals' }, async (sandbox) => {
    const start = startFormation(sandbox, [])
    await start.says(': ready\n')
    const scale = async (word: string) => (await dyno(sandbox, ['ps:scale', word])).stdout
    assert.equal(await scale('w=3'), 'Scaling w processes... done, now running 3\n')
    await start.says(': ready\n', 3)
    assert.equal(await scale('w-2'), 'Scaling w processes... done, now running 1\n')
    await start.says('Process exited with status 0\n', 2)
    assert.equal(await leave(start), 143)
    const scaled = [1, 3, 1].map((n) => `Scaled to w@${n}:Basic by user ${USER}`)
    assert.deepEqual(await apiLines(sandbox), [...RELEASED, ...scaled])
    const stopping = (await logOf(sandbox)).filter((line) => line.endsWith('from up to down'))
    assert.deepEqual(
      stopping.map((line) => line.slice(7, 10)),
      ['w.3', 'w.2', 'w.1'],
    )
    for (const name of ['w.1', 'w.2', 'w.3']) {
      assert.deepEqual(await systemLines(sandbox, name), [
        ...['Starting process with command `bin/signals`', 'State changed from starting to up'],
        ...[...DOWN, 'Process exited with status 0'],
      ])
    }
  })
})
