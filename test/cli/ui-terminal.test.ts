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
})
