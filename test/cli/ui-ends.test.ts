import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { lookAt } from '../emulator.ts'
import { logOf, testApp } from '../formation.ts'
import { dyno, type Sandbox } from '../harness.ts'

const SIZE = { columns: 110, rows: 24 }

const look = (sandbox: Sandbox, args: string[]) => lookAt(sandbox, args, SIZE)

describe('the dashboard of dyno start, at its end', { concurrency: 2 }, () => {
  testApp('shows the dashboard, and Ctrl-C there ends all', { worker: 'bin/signals' }, async (sandbox) => {
    const { person, screen } = look(sandbox, ['start', '--grace', '5'])
    await screen.shows(/1 of 1 up[\s\S]*worker\.1: ready/)
    person.type('\u0003')
    assert.equal(await person.status, 130)
    assert.ok(person.raw().includes('\u001b[?1049l'), 'the other screen is left')
    assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
  })

  testApp(
    'says who is waited for, and kills at a second Ctrl-C',
    { stubborn: "trap '' TERM; while :; do sleep 0.1; done" },
    async (sandbox) => {
      const { person, screen } = look(sandbox, ['start'])
      await screen.shows(/1 of 1 up/)
      person.type('q')
      await screen.shows(/s stop everything/)
      person.type('s')
      await screen.shows(/Waiting for stubborn\.1: SIGKILL in 2\d s · Ctrl-C kills at once/)
      person.type('\u0003')
      assert.equal(await person.status, 130)
    },
  )

  testApp(
    'says so in dyno ui as well, and kills what another started, one-offs with it',
    { stubborn: "trap '' TERM; echo ready; while :; do sleep 0.1; done" },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
      assert.equal((await dyno(sandbox, ['run:detached', 'stubborn'])).status, 0)
      const { person, screen } = look(sandbox, ['ui'])
      await screen.shows(/2 of 2 up/)
      await screen.shows(/stubborn\.1: ready/)
      await screen.shows(/run\.1: ready/)
      person.type('q')
      await screen.shows(/s stop everything/)
      person.type('s')
      await screen.shows(
        /Waiting for (?=.*stubborn\.1)(?=.*run\.1).*: SIGKILL in 2\d s · Ctrl-C kills at once/,
      )
      person.type('\u0003')
      assert.equal(await person.status, 0)
      assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
      for (const name of ['stubborn.1', 'run.1']) {
        const log = (await logOf(sandbox, name)).join('\n')
        assert.match(log, /Stopping remaining processes with SIGKILL\n.*Process exited with status 137/)
        assert.doesNotMatch(log, /R12/)
      }
    },
  )

  testApp('ends with its terminal, and with a signal', { worker: 'bin/signals' }, async (sandbox) => {
    const closed = look(sandbox, ['start', '--grace', '5'])
    await closed.screen.shows(/worker\.1: ready/)
    closed.person.hangUp()
    await closed.person.status
    assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
    const { person, screen } = look(sandbox, ['start', '--grace', '5'])
    await screen.shows(/1 of 1 up[\s\S]*worker\.1: ready/)
    process.kill(person.pid, 'SIGTERM')
    assert.equal(await person.status, 143)
    assert.ok(person.raw().includes('\u001b[?1049l'), 'the other screen is left')
  })

  testApp('may be left running', { sleeper: 'sleep 98865' }, async (sandbox) => {
    const { person, screen } = look(sandbox, ['start'])
    await screen.shows(/1 of 1 up/)
    person.type('q')
    await screen.shows(/l leave it running/)
    person.type('l')
    assert.equal(await person.status, 0)
    assert.match(person.raw(), /The formation goes on; 'dyno ui' shows it again, 'dyno down' ends it\./)
    assert.match((await dyno(sandbox, ['ps'])).stdout, /sleeper\.1 +up/)
    await dyno(sandbox, ['down'])
  })
})
