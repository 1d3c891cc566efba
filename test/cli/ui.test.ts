import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { describe, test } from 'node:test'
import { emulate } from '../emulator.ts'
import { startFormation, testApp } from '../formation.ts'
import { dyno, openSandbox } from '../harness.ts'
import { sitDown } from '../person.ts'
import { http } from './http.ts'

const TYPES = { web: 'bin/serve', signals: 'bin/signals' }
const SIZE = { columns: 110, rows: 24 }

describe('the dashboard, as it is seen', { concurrency: 2 }, () => {
  testApp('every key does what its help says', TYPES, async (sandbox) => {
    const start = startFormation(sandbox, ['--no-tty'])
    await start.says('State changed from starting to up\n', 2)
    const person = sitDown(sandbox, ['ui'], SIZE)
    const screen = emulate(person, SIZE.columns, SIZE.rows)
    await screen.shows(/ app {2}2 of 2 up {2}http:\/\/localhost:\d+\//)
    await screen.shows(/› ● signals\.1 +up +\d+s[\s\S]* ● web\.1 +up +\d+s/)
    await screen.shows(/web\.1: ready/)
    person.type('j')
    await screen.shows(/› ● web\.1/)
    await screen.shows(/ web\.1 {2}Basic {2}v1 {2}port \d+ {2}0 restarts .* bin\/serve/)
    person.type('\x1b[A')
    await screen.shows(/› ● signals\.1/)
    person.type('\x1b[B\r')
    const alone = await screen.shows(/» ● web\.1/)
    assert.doesNotMatch(alone, /signals\.1: /)
    person.type('\r')
    await screen.shows(/signals\.1: ready/)
    await http(Number(sandbox.env['PORT']), '/who')
    await screen.shows(/router: at=info method=GET path="\/who"/)

    person.type('/LISTENING\r')
    await screen.shows(/stands still · End follows[\s\S]*router: Listening on/)
    person.type('n')
    await screen.shows(/No older line with 'LISTENING'\./)
    person.type('N')
    await screen.shows(/No newer line with 'LISTENING'\./)
    await http(Number(sandbox.env['PORT']), '/more')
    await screen.shows(/stands still, \d+ new/)
    person.type('G')
    await screen.shows(/path="\/more"/)
    person.type('g')
    await screen.shows(/That is the oldest line there is\./)
    person.type('\x1b[F')
    await screen.shows(/\n ↑↓ select/)
    person.type('t')
    await screen.shows(/│signals\.1: ready/)
    person.type('tw')
    await screen.shows(/status=200/) // its end, which was cut
    person.type('w')
    person.type('e')
    await screen.shows(/No error\./)

    person.type('R')
    await screen.shows(/Restarting web\.1: done/)
    await start.says('heroku[web.1]: State changed from starting to up\n', 2)
    person.type('+')
    await screen.shows(/One more web: done/)
    await screen.shows(/● web\.2 +up/)
    person.type('-')
    await screen.shows(/One web fewer: done/)
    await screen.shows(/2 of 2 up/)
    person.type('m')
    await screen.shows(/ maintenance /)
    assert.equal((await http(Number(sandbox.env['PORT']), '/')).status, 503)
    person.type('m')
    await screen.shows(/Maintenance mode off: done/)
    person.type('?')
    await screen.shows(/ ↑ k +the dyno above[\s\S]*its live terminal; Ctrl-\] comes back/)
    person.type(' ')
    await screen.shows(/ Q +end everything, and leave[\s\S]*any key goes on/)
    person.type(' ')
    await screen.shows(/web\.1: /)

    person.type('r')
    await screen.shows(/run: █/)
    person.type('echo "by $DYNO"; sleep 1; exit 3\r')
    await screen.shows(/by run\.1[\s\S]*run\.1 has the keys · Ctrl-\] comes back/)
    await screen.shows(/run\.1 ended with status 3\. Any key goes on\./)
    person.type(' ')
    await screen.shows(/ ↑↓ select/)
    person.type('kk')
    await screen.shows(/› ● signals\.1/)
    person.type('s')
    await screen.shows(/Stopping signals\.1: done/)
    await start.says('heroku[signals.1]: State changed from starting to up\n', 2)
    person.type('q')
    await screen.shows(/l leave it running · s stop everything · Esc stay/)
    person.type('l')
    assert.equal(await person.status, 0)
    assert.equal((await dyno(sandbox, ['ps', '--json'])).status, 0) // it goes on running
    start.child.kill('SIGINT')
    await start.ended
  })

  testApp(
    'a live terminal is in the pane, takes every key and is left by one',
    { shell: 'exec bash --norc' },
    async (sandbox) => {
      assert.equal((await dyno(sandbox, ['start', '--detach', '--grace', '1'])).status, 0)
      const person = sitDown(sandbox, ['ui'], SIZE)
      const screen = emulate(person, SIZE.columns, SIZE.rows)
      await screen.shows(/› ▸ shell\.1 +waiting for input[\s\S]*… shell\.1: ~ \$/)
      person.type('a')
      await screen.shows(/shell\.1 has the keys/)
      person.type('echo I am $((40 + 2)) in $DYNO, $(tput cols) wide\r')
      await screen.shows(/│I am 42 in shell\.1, 77 wide/)
      person.type('printf "\\e[?1049h\\e[5;5H\\e[7mHere\\e[0m"; read x\r')
      await screen.shows(/│ {4}Here/)
      person.type('q\r')
      person.type('printf "\\e[?1049l"\r')
      await screen.shows(/│I am 42 in shell\.1, 77 wide/)
      person.type('\x1d')
      await screen.shows(/› . shell\.1 [\s\S]*shell\.1: I am 42 in shell\.1[\s\S]* ↑↓ select/)
      person.type('Q')
      await screen.shows(/End everything that runs here\? y \/ n/)
      person.type('n')
      await screen.shows(/ ↑↓ select/)
      person.type('Qy')
      assert.equal(await person.status, 0)
      assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
    },
  )

  testApp(
    'what is pasted into a live terminal gets there whole, however long it is',
    { sleeper: 'sleep 98869' },
    async (sandbox) => {
      const person = sitDown(sandbox, ['ui'], SIZE)
      const screen = emulate(person, SIZE.columns, SIZE.rows)
      await screen.shows(/no dynos/)
      person.type('r')
      await screen.shows(/run: █/)
      const others = "LC_ALL=C tr -d 'a\\346\\227\\245' | wc -c"
      person.type(
        `stty raw -echo; echo ready to $NOTHING read; echo "$(head -c 9001 | ${others}) other bytes"\r`,
      )
      await screen.shows(/ready to read[\s\S]*run\.1 has the keys/)
      person.type(`a${'日'.repeat(3000)}`) // no read of it ends where a character does
      await screen.shows(/\b0 other bytes/)
      await screen.shows(/run\.1 ended with status 0/)
      person.type(' ')
      await screen.shows(/ ↑↓ select/)
      person.type('\x03')
      assert.equal(await person.status, 0)
    },
  )

  testApp('killed or hung up on, it gives the terminal back', { sleeper: 'sleep 98871' }, async (sandbox) => {
    assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const person = sitDown(sandbox, ['ui'], SIZE)
      await emulate(person, SIZE.columns, SIZE.rows).shows(/› ● sleeper\.1 +up/)
      process.kill(person.pid, signal)
      assert.equal(await person.status, 128 + constants.signals[signal])
      assert.ok(person.raw().includes('\u001b[?1049l'), 'the other screen is left')
      assert.ok(person.raw().includes('\u001b[?25h'), 'the cursor is shown')
    }
    const person = sitDown(sandbox, ['ui'], SIZE)
    await emulate(person, SIZE.columns, SIZE.rows).shows(/› ● sleeper\.1 +up/)
    person.hangUp()
    await person.status
    assert.match((await dyno(sandbox, ['ps'])).stdout, /sleeper\.1 +up/)
    await dyno(sandbox, ['down'])
  })

  testApp(
    'it fits any size down to 40×10, says what it needs below, and stands while nothing runs',
    { sleeper: 'sleep 98870' },
    async (sandbox) => {
      const person = sitDown(sandbox, ['ui'], { columns: 80, rows: 24 })
      const screen = emulate(person, 80, 24)
      await screen.shows(/ app {2}no dynos/)
      person.type('R')
      await screen.shows(/No dyno runs; 'dyno start' begins the formation\./)
      assert.equal((await dyno(sandbox, ['start', '--detach'])).status, 0)
      await screen.shows(/1 of 1 up[\s\S]*\n─{80}\n[\s\S]*sleeper\.1: State changed from starting to up/)
      screen.resize(40, 10)
      await screen.shows(/^ app {2}1 of 1 up\n› ● sleeper\.1 +up +\d+s\n/)
      screen.resize(39, 10)
      await screen.shows(/dyno needs 40×10\nq leaves/)
      screen.resize(120, 40)
      await screen.shows(/› ● sleeper\.1 +up +\d+s .*│/)
      person.type('\x03')
      assert.equal(await person.status, 0)
      assert.ok(person.raw().includes('\u001b[?1049l'), 'the other screen is left')
      await dyno(sandbox, ['down'])
    },
  )
})

test('without a terminal it says what else there is', async () => {
  const sandbox = openSandbox({ Procfile: 'web: true\n' })
  const { status, stderr } = await dyno(sandbox, ['ui'])
  assert.equal(status, 2)
  assert.match(
    stderr,
    /^ !\s+dyno ui needs a terminal; 'dyno logs -t' and 'dyno ps' say the same in lines\.\n$/,
  )
  await sandbox.close()
})
