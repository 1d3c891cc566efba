import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { logOf, testApp } from '../formation.ts'
import { BIN, quiet, sitDown, sleepers } from '../harness.ts'

const SIGNALS = { signals: 'bin/signals', 'slow-exit': 'bin/slow-exit 0.3' }

describe('a formation on a terminal', { concurrency: 3 }, () => {
  testApp(
    'Ctrl-C gives every dyno one SIGTERM, and the prompt comes after the last of them, terminal in order',
    SIGNALS,
    async (sandbox) => {
      const person = sitDown(sandbox, ['-c', '"$0" start --no-ui; echo left $?; stty -a', BIN], {
        file: '/bin/bash',
      })
      await person.sees('ready\n')
      await person.sees('ready\n')
      person.type('\x03')
      await person.sees('left 130\n')
      await person.sees(/ icanon .* echo /s)
      assert.equal(await person.status, 0)
      assert.match(person.screen(), /cleaned up\n.*Process exited with status 0\n(.*\n)*left 130\n/)
      const got = (await logOf(sandbox, 'signals.1')).filter((line) => line.includes('got'))
      assert.deepEqual(got, ['app[signals.1]: got SIGTERM'])
    },
  )

  testApp(
    'a second Ctrl-C kills, and the prompt comes when all are gone',
    { stubborn: 'bin/stubborn', forker: 'bin/forker 97201' },
    async (sandbox) => {
      const person = sitDown(sandbox, ['start', '--no-ui'])
      await person.sees('ready\n')
      await person.sees('ready\n')
      person.type('\x03')
      await person.sees('Ctrl-C again kills them.\n')
      await person.sees('Waiting for ')
      person.type('\x03')
      assert.equal(await person.status, 130)
      assert.match(person.screen(), /stubborn\.1\]: Process exited with status 137\n/)
      assert.deepEqual(sleepers(97201), [])
    },
  )

  for (const [where, before] of [
    ['where CI is true', 'export CI=true'],
    ['where TERM is dumb', 'export TERM=dumb'],
    ['on a terminal that was never told its size', 'stty cols 0 rows 0'],
  ] as const) {
    testApp(`shows the log and no dashboard ${where}`, SIGNALS, async (sandbox) => {
      const person = sitDown(sandbox, ['-c', `${before}; "$0" start`, BIN], { file: '/bin/bash' })
      await person.sees('ready\n')
      person.type('\x03')
      assert.equal(await person.status, 130)
      assert.ok(!person.raw().includes('\u001b[?1049h'), 'another screen')
    })
  }

  testApp('a closed terminal ends the formation as SIGTERM does', SIGNALS, async (sandbox) => {
    const person = sitDown(sandbox, ['start', '--no-ui'])
    await person.sees('ready\n')
    await person.sees('ready\n')
    person.hangUp()
    await person.status
    await quiet(sandbox.folder)
    const log = await logOf(sandbox)
    assert.deepEqual(
      log.filter((line) => line.startsWith('app[signals.1]')),
      ['ready', 'got SIGTERM'].map((text) => `app[signals.1]: ${text}`),
    )
    assert.ok(log.includes('app[slow-exit.1]: cleaned up'))
  })
})
