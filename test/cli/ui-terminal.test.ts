import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { lookAt } from '../emulator.ts'
import { testApp } from '../formation.ts'
import { dyno, until } from '../harness.ts'

const SIZE = { columns: 110, rows: 24 }

describe('the dashboard and its terminal', { concurrency: 2 }, () => {
  testApp(
    'Ctrl-Z where no shell could continue it comes back at once',
    { sleeper: 'sleep 98855' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
      const { person, screen } = lookAt(sandbox, ['ui'], SIZE)
      await screen.shows(/› ● sleeper\.1 +up/)
      person.type('\u001a')
      await until(
        () => person.raw().split('\u001b[?1049h').length === 3,
        () => 'the other screen is not taken again',
      )
      person.type(':')
      await screen.shows(/› ● sleeper\.1 +up[\s\S]*order: █/)
      person.type('\u001b')
      await screen.shows(/\n sleeper\.1 {2}Basic/)
      person.type('\u0003')
      assert.equal(await person.status, 0)
      await dyno(sandbox, ['down'])
    },
  )

  testApp('it draws the same in every locale', { sleeper: 'echo größer; sleep 98856' }, async (sandbox) => {
    assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
    const others = Object.entries(sandbox.env).filter(([name]) => !/^(?:LANG|LC_\w+)$/.test(name))
    const { person, screen } = lookAt(
      { ...sandbox, env: { ...Object.fromEntries(others), LC_ALL: 'C' } },
      ['ui'],
      SIZE,
    )
    await screen.shows(/› ● sleeper\.1 +up .*│[\s\S]*sleeper\.1: größer[\s\S]* ↑↓ select/)
    person.type('\u0003')
    assert.equal(await person.status, 0)
    await dyno(sandbox, ['down'])
  })

  testApp(
    'what is pasted or typed too early orders nothing, and gets where it was meant to',
    { quiet: 'cat' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach', '--grace', '1'])).status, 0)
      const { person, screen } = lookAt(sandbox, ['ui'], SIZE)
      await screen.shows(/› ● quiet\.1 +up/)
      assert.ok(person.raw().includes('\u001b[?2004h'), 'it wants to be told of pastes')
      person.type('\u001b[200~s+m\r\u001b[201~')
      person.type('r\u001b[200~echo "pasted, $DYNO"\rs\rm\r\u001b[201~')
      await screen.shows(/run: echo "pasted, \$DYNO"█/)
      person.type('\r')
      await screen.shows(/│pasted, run\.1[\s\S]*run\.1 ended with status 0/)
      person.type(' ')
      await screen.shows(/\n quiet\.1 {2}Basic/)
      person.type('asm\r')
      await screen.shows(/│sm *\n.*│sm[\s\S]*quiet\.1 has the keys/)
      person.type('\u001d')
      await screen.shows(/ 1 of 1 up[\s\S]*\n quiet\.1 {2}Basic {2}v1 .*0 restarts/)
      person.type('\u0003')
      assert.equal(await person.status, 0)
      assert.ok(person.raw().includes('\u001b[?2004l'), 'it wants it no more')
      const log = (await dyno(sandbox, ['logs', '-n', '1000', '-s', 'heroku'])).stdout
      assert.doesNotMatch(log, /Stopping|SIGTERM|maintenance/i)
      await dyno(sandbox, ['down'])
    },
  )
})
