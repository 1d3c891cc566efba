import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import {
  dyno,
  kill,
  nobodySleeps,
  openSandbox,
  pidsOf,
  reads,
  sitDown,
  sleepers,
  startDyno,
  until,
} from '../harness.ts'

type Way = { title: string; ordinary: boolean; walls: 'full' | 'folder'; asleep: string }

const WAYS: readonly Way[] = [
  { title: 'an ordinary user, full walls', ordinary: true, walls: 'full', asleep: '98901' },
  { title: 'an ordinary user, folders for walls', ordinary: true, walls: 'folder', asleep: '98902' },
  { title: 'whoever runs the tests, folders for walls', ordinary: false, walls: 'folder', asleep: '98903' },
]

for (const { title, ordinary, walls, asleep } of WAYS) {
  describe(title, () => {
    const sandbox = openSandbox('widgets', { ordinary })
    const misfits = openSandbox('misbehaving', { ordinary })
    const flag = `--walls=${walls}`
    after(async () => {
      await sandbox.close()
      await misfits.close()
    })

    test('what run.1 deletes is there for run.2, and in the app', async () => {
      const person = sitDown(sandbox, ['run', flag, 'bash'])
      await person.sees('Running bash attached to terminal... up, run.1')
      await person.sees('~ $ ')
      person.type('ls\r')
      await person.sees(/Procfile +bin +db +package\.json +src\n~ \$ /)
      person.type('[ "$PWD" = "$HOME" ] && echo at home""; touch new; pwd\r')
      await person.sees(walls === 'full' ? 'at home\n/app\n~ $ ' : /at home\n\/.*\/app\n~ \$ /)
      person.type('rm Procfile package.json; ls\r')
      await person.sees(/\nbin +db +new +src\n~ \$ /)
      person.type('exit\r')
      assert.equal(await person.status, 0)
      const second = await dyno(sandbox, ['run', flag, 'ls'])
      assert.equal(second.stderr, 'Running ls attached to terminal... up, run.2\n')
      assert.equal(second.stdout, 'Procfile\nbin\ndb\npackage.json\nsrc\n')
      assert.ok(existsSync(`${sandbox.app}/Procfile`))
      assert.ok(!existsSync(`${sandbox.app}/new`))
    })

    test('ps shows what runs, ps:stop ends it and all it started', async () => {
      assert.equal((await dyno(misfits, ['run:detached', flag, 'forker', asleep])).status, 0)
      await until(
        () => sleepers(asleep).length === 2,
        () => 'it started nothing',
      )
      assert.match(
        (await dyno(misfits, ['ps'])).stdout,
        new RegExp(`^run\\.1 {4}up for \\ds {2}forker ${asleep} +$`, 'm'),
      )
      assert.equal((await dyno(misfits, ['ps:stop', 'run.1'])).stdout, 'Stopping run.1 process... done\n')
      assert.deepEqual(sleepers(asleep), [])
      assert.equal((await dyno(misfits, ['ps'])).stdout, 'No dynos on app\n')
    })

    test('what outlives the first process is ended with it', async () => {
      const ran = await dyno(misfits, ['run', flag, 'daemon', asleep, '3'])
      assert.match(ran.stdout, /^left \d+\n$/)
      assert.equal(ran.status, 3)
      assert.deepEqual(sleepers(asleep), [])
    })

    test('bytes, the exit status and the process type are what they are elsewhere', async () => {
      const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256))
      assert.ok((await dyno(misfits, ['run', flag, 'cat'], { input: noise })).bytes.equals(noise))
      assert.equal((await dyno(misfits, ['run', flag, 'crasher', '9'])).status, 9)
      assert.equal((await dyno(misfits, ['run', flag, 'killed', 'SEGV'])).status, 139)
      assert.equal((await dyno(misfits, ['run', flag, 'not-executable'])).status, 126)
      assert.equal((await dyno(misfits, ['run', flag, 'missing'])).status, 127)
    })

    test('a folder the dyno closed to itself is removed as well', async () => {
      const ran = await dyno(misfits, [
        'run',
        flag,
        'mkdir -p a/b; touch a/b/c; chmod 0 a/b a; chmod 0 bin; true',
      ])
      assert.equal(ran.status, 0)
      assert.equal((await dyno(misfits, ['run', flag, 'args'])).stdout, '0 arguments\n')
    })

    test('a killed client and a killed manifold leave nothing', async () => {
      const client = startDyno(misfits, ['run', flag, 'forker', asleep])
      await reads(client, 'ready\n')
      client.kill('SIGKILL')
      await nobodySleeps(asleep)
      const second = startDyno(misfits, ['run', flag, 'forker', asleep])
      await reads(second, 'ready\n')
      for (const pid of pidsOf(misfits.folder, /__manifold/)) kill(pid, 'SIGKILL')
      await nobodySleeps(asleep)
      assert.equal((await dyno(misfits, ['run', flag, 'echo', 'again'])).stdout, 'again\n')
      await until(
        () =>
          !existsSync(`${misfits.folder}/cache/dyno/copies`) ||
          readdirSync(`${misfits.folder}/cache/dyno/copies`).length <= 1,
        () => 'copies are left',
      )
    })
  })
}
