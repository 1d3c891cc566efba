import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { answers, type Official, openOfficial } from './official.ts'

const hasSsh = spawnSync('ssh', ['-V'], { stdio: 'ignore' }).status === 0
const skip = !hasSsh && 'there is no ssh on PATH, which the official CLI starts'

let here: Official | null = null
before(async () => {
  if (hasSsh)
    here = await openOfficial({ start: ['web=0', 'worker=1', 'greet=0'], attach: ['--attach', 'ssh'] })
})
after(() => here?.close())

describe('attached by ssh', { skip, concurrency: 2 }, () => {
  test('bash has a terminal whose size changes with that of the person', async (t) => {
    const person = here!.sit(['run', 'bash'], { columns: 101, rows: 33 })
    t.after(() => person.hangUp())
    await person.sees(/run\.\d+/)
    await person.sees(/\$ /)
    person.type('stty size\r')
    await person.sees('33 101\n')
    person.resize(70, 20)
    person.type('stty size\r')
    await person.sees('20 70\n')
    person.type('echo $((6*7)) $HOME; exit\r')
    await person.sees('42 /app\n')
    assert.equal(await person.status, 0)
  })

  test('run -x passes the status on', async () => {
    const [zero, five] = await Promise.all([
      here!.heroku(['run', '-x', 'echo fine']),
      here!.heroku(['run', '-x', '--', 'echo out; (exit 5)']),
    ])
    answers(zero!, { stdout: 'fine\n', stderr: /run\.\d+\n/ })
    answers(five!, { stdout: 'out\n', stderr: /Process exited with code 5\n$/, status: 5 })
  })

  test('run:inside is in the dyno that is named', async (t) => {
    const ran = await here!.heroku(['run:inside', '-x', 'worker.1', '--', 'echo in $DYNO; (exit 6)'])
    answers(ran, { stdout: 'in worker.1\n', stderr: /worker\.1/, status: 6 })
    const person = here!.sit(['run:inside', 'worker.1', 'bash'])
    t.after(() => person.hangUp())
    await person.sees(/\$ /)
    person.type('echo $DYNO $((6*7)); exit\r')
    await person.sees('worker.1 42\n')
    assert.equal(await person.status, 0)
  })
})
