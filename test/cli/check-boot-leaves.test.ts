import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { logOf, manifoldOf, openMisfits, startFormation } from '../formation.ts'
import { dyno, ended, kill, nobodySleeps, pidsOf, quiet, sleepers, startDyno, until } from '../harness.ts'

describe('a check that boots', { concurrency: 3 }, () => {
  test('leaves a formation of the same app, its log and its releases as they are', async () => {
    const sandbox = openMisfits({ web: 'echo "$SET"; bin/serve', worker: 'bin/signals' })
    await dyno(sandbox, ['config:set', 'SET=shown'])
    const start = startFormation(sandbox, ['--no-router', '--walls=folder'])
    await start.says(': ready\n', 2)
    const listed = async () => (await dyno(sandbox, ['releases', '--json'])).stdout
    const [log, releases, manifold] = [await logOf(sandbox), await listed(), manifoldOf(sandbox)]
    const ran = await dyno(sandbox, ['check', '--boot', '--timeout', '2', '--walls=folder'])
    assert.equal(ran.status, 0, ran.stdout)
    assert.deepEqual([await logOf(sandbox), await listed(), manifoldOf(sandbox)], [log, releases, manifold])
    assert.match((await dyno(sandbox, ['ps'])).stdout, /^web\.1 +up for .*\nworker\.1 +up for /m)
    start.child.kill('SIGTERM')
    await start.ended
    await sandbox.close()
  })

  for (const [i, how] of (['SIGINT', 'SIGKILL'] as const).entries()) {
    for (const walls of ['full', 'folder']) {
      test(`leaves nothing after ${how} (${walls} walls)`, async () => {
        const asleep = 93210 + 2 * i + (walls === 'full' ? 0 : 1)
        const sandbox = openMisfits({ worker: `sleep ${asleep}`, other: `sleep ${asleep}` })
        const child = startDyno(sandbox, ['check', '--boot', '--timeout', '60', `--walls=${walls}`])
        const over = ended(child)
        await until(
          () => sleepers(asleep).length === 2,
          () => 'they never slept',
        )
        child.kill(how)
        // What it runs can be asleep before it has heard so, and heeds signals itself.
        assert.ok([`130,`, `,${how}`].includes(String(await over)))
        await nobodySleeps(asleep)
        await quiet(sandbox.folder)
        await sandbox.close()
      })
    }
  }

  test('clears up and fails when its manifold is killed', async () => {
    const sandbox = openMisfits({ worker: 'sleep 93220' })
    const child = startDyno(sandbox, ['check', '--boot', '--timeout', '60'])
    const over = ended(child)
    await until(
      () => sleepers(93220).length === 1,
      () => 'it never slept',
    )
    for (const pid of pidsOf(sandbox.folder, /__manifold check:/)) kill(pid, 'SIGKILL')
    assert.deepEqual(await over, [1, null])
    await quiet(sandbox.folder)
    await sandbox.close()
  })
})
