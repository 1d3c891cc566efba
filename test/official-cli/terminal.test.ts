import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { nobodySleeps } from '../harness.ts'
import { type Official, openOfficial } from './official.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=0', 'worker=1', 'greet=0'] })
})
after(() => here.close())

describe('run on a terminal', { concurrency: 2 }, () => {
  test('bash is there as it would be on Heroku, and its size is that of the beginning', async (t) => {
    const person = here.sit(['run', 'bash'], { columns: 101, rows: 33 })
    t.after(() => person.hangUp())
    await person.sees(/Running bash on (?:⬢ )?app\.\.\. up, run\.\d+/)
    person.type('stty size; printenv TERM COLUMNS LINES | xargs\r')
    await person.sees('33 101\n')
    await person.sees('xterm-256color 101 33\n')
    person.resize(80, 24)
    person.type('stty size\r')
    await person.sees('33 101\n')
    person.type('echo $((6*7)) $HOME; exit\r')
    await person.sees('42 /app\n')
    assert.equal(await person.status, 0)
  })

  test('Ctrl-C interrupts the program and not the session', async (t) => {
    const person = here.sit(['run', '--exit-code', 'bash'])
    t.after(() => person.hangUp())
    await person.sees(/up, run\.\d+/)
    person.type('sh -c "echo \\$((6*7)); exec sleep 98876"\r') // who has said it is who has the terminal
    await person.sees('42\n')
    person.type('\x03')
    person.type('echo still $((7*7))\r')
    await person.sees('still 49\n')
    await nobodySleeps(98876)
    person.type('\x04')
    assert.equal(await person.status, 0) // that of bash, whose last command was an echo
  })

  test('run -x passes a status on from a terminal, too', async (t) => {
    const person = here.sit(['run', '-x', 'echo fine; (exit 3)'])
    t.after(() => person.hangUp())
    await person.sees('fine\n')
    await person.sees('Process exited with code 3')
    assert.equal(await person.status, 3)
  })

  test('a terminal that is closed takes its one-off along', async () => {
    const person = here.sit(['run', 'sleep 98877'])
    await person.sees(/up, run\.\d+/)
    person.hangUp()
    await nobodySleeps(98877)
  })

  test('run:inside has a terminal in a dyno that is up', async (t) => {
    const person = here.sit(['run:inside', 'worker.1', 'bash'])
    t.after(() => person.hangUp())
    await person.sees(/up, worker\.1/)
    person.type('echo $DYNO $((6*7)); stty size; exit\r')
    await person.sees('worker.1 42\n')
    await person.sees('30 100\n')
    assert.equal(await person.status, 0)
  })
})
