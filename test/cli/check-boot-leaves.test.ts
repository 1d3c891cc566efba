import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, test } from 'node:test'
import { appAt } from '../../src/core/app.ts'
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

  test('clears up where its manifold is killed while it is told to end', async (t) => {
    const sandbox = openMisfits({ worker: 'sleep 1' })
    const { key } = appAt(`check:${sandbox.app}`)
    const [run, copies] = [`${sandbox.folder}/run/dyno/${key}`, `${sandbox.folder}/cache/dyno/copies/${key}`]
    for (const folder of [run, copies]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(dirname(run), 0o700)
    const child = spawn(process.execPath, ['-e', DIES_TOLD_TO_END, `${run}.sock`])
    t.after(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const ran = await dyno(sandbox, ['check', '--boot'])
    assert.deepEqual([ran.status, ran.stderr.includes('cannot start')], [1, true], ran.stderr)
    assert.deepEqual([child.signalCode, existsSync(`${run}.sock`)], ['SIGKILL', false])
    await quiet(sandbox.folder)
    await sandbox.close()
  })
})

/** A manifold of which nothing runs, which starts nothing, and is killed with the order to end in its hands. */
const DIES_TOLD_TO_END = `
  const answer = (status, body) => \`HTTP/1.1 \${status} OK\\r\\n\\r\\n\${JSON.stringify(body)}\`
  require('net').createServer((socket) => {
    socket.once('data', (request) => {
      if (/^DELETE/.test(request)) process.kill(process.pid, 'SIGKILL')
      if (/^GET/.test(request)) return socket.end(answer(200, { formation: null }))
      socket.end(answer(422, { id: 'invalid_params', message: 'It cannot start.' }))
    })
  }).listen(process.argv[1], () => console.log('here'))
`
