import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, suite, test } from 'node:test'
import { until } from '../harness.ts'
import { openPlace, stateOf, traces, USERS } from './walled.ts'

const SIGNALS = { TERM: 15, KILL: 9, HUP: 1 } as const
const TERMINAL = { columns: 80, rows: 24 }
const KINDS = [
  [null, 'on pipes'],
  [TERMINAL, 'on a terminal'],
] as const

/** Sleepers are told apart from everybody else's by how long they sleep. */
let seconds = 900_001 + (process.pid % 10_000) * 20
const nextSeconds = () => (seconds += 2)
const sleepers = (length: number) => traces(`sleep\0${length}\0`)
const nothingLeft = (length: number) =>
  until(
    () => sleepers(length).length === 0,
    () => `left behind:\n${sleepers(length).join('\n')}`,
  )
const lines = (text: string) => text.replaceAll('\r', '').trimEnd().split('\n')

for (const user of USERS) {
  suite(`a command that enters a dyno within full walls built by ${user}`, () => {
    const place = openPlace(user, 'full')
    after(() => place.close())
    /** A dyno that waits for the end of its input. */
    const open = async (line = 'echo ready; read x; true', options = {}) => {
      const dyno = place.start(line, options)
      await dyno.says(/ready/)
      return dyno
    }

    for (const [terminal, where] of KINDS) {
      test(`sees what the dyno wrote, and the dyno sees what it wrote: ${where}`, async () => {
        const dyno = await open(
          'echo one >file; echo two >/tmp/file; echo ready; read x; cat file /dev/shm/file',
        )
        const says = await dyno.enter('cat file /tmp/file; echo three >file; echo four >/dev/shm/file', {
          terminal,
        }).outcome
        assert.deepEqual([lines(says.stdout), says.stderr, says.status], [['one', 'two'], '', 0])
        dyno.end()
        assert.deepEqual(lines((await dyno.outcome).stdout), ['ready', 'three', 'four'])
      })

      test(`is the dyno's user at the dyno's home, without privileges: ${where}`, async () => {
        const dyno = await open()
        const line =
          'pwd; echo $HOME ~; whoami; id -u; id -g; umask; grep -E "^Cap(Prm|Eff|Amb)" /proc/self/status | cut -f2'
        const { stdout } = await dyno.enter(line, { terminal }).outcome
        const none = '0000000000000000'
        const expected = ['/app', '/app /app', 'u43232', '43232', '43232', '0022', none, none, none]
        assert.deepEqual(lines(stdout), expected)
        dyno.end()
        await dyno.outcome
      })

      test(`hands on its exit status and its signals: ${where}`, async () => {
        const dyno = await open()
        assert.equal((await dyno.enter('exit 7', { terminal }).outcome).status, 7)
        assert.equal((await dyno.enter('kill -9 $$', { terminal }).outcome).status, 137)
        const guest = dyno.enter("trap 'echo got-term; exit 3' TERM; echo up; while :; do sleep 0.05; done", {
          terminal,
        })
        await guest.says(/up/)
        guest.signal(SIGNALS.TERM)
        const { stdout, status } = await guest.outcome
        assert.match(stdout, /got-term/)
        assert.equal(status, 3)
        dyno.end()
        assert.equal((await dyno.outcome).stdout, 'ready\n')
      })

      test(`ends with the dyno, whatever it started: ${where}`, async () => {
        const dyno = await open()
        const length = nextSeconds()
        const guest = dyno.enter(
          `trap '' HUP TERM; setsid sleep ${length} & echo up; sleep ${length}; true`,
          { terminal },
        )
        await guest.says(/up/)
        dyno.end()
        assert.equal((await dyno.outcome).status, 0)
        assert.equal((await guest.outcome).status, 137)
        await nothingLeft(length)
      })

      test(`is killed without the dyno, and the dyno hears no signal of it: ${where}`, async () => {
        const dyno = await open("trap 'echo heard' HUP TERM; echo ready; read x; echo over")
        const length = nextSeconds()
        const guest = dyno.enter(`trap '' HUP TERM; sleep ${length} & echo up; wait; wait; wait`, {
          terminal,
        })
        await guest.says(/up/)
        for (const signal of Object.values(SIGNALS).sort((a, b) => b - a)) guest.signal(signal)
        assert.equal((await guest.outcome).status, 137)
        await nothingLeft(length)
        dyno.end()
        assert.equal((await dyno.outcome).stdout, 'ready\nover\n')
      })

      test(`is over when the manifold is killed: ${where}`, async () => {
        const doomed = openPlace(user, 'full')
        const length = nextSeconds()
        const dyno = doomed.start('echo ready; read x')
        await dyno.says(/ready/)
        const guest = dyno.enter(`trap '' HUP TERM; sleep ${length} & echo up; wait`, { terminal })
        await guest.says(/up/)
        await doomed.kill()
        await nothingLeft(length)
        await doomed.close()
      })
    }

    test("sees the dyno's processes and nobody else's, and can end them", async () => {
      const dyno = await open('exec -a the-dyno bash -c "echo ready; read x; exit 5"')
      const other = await open()
      const list = 'for p in /proc/[0-9]*; do echo "$(tr "\\0\\n" "  " <$p/cmdline)"; done'
      const { stdout } = await dyno.enter(list).outcome
      assert.match(stdout, /^the-dyno -c/m)
      const host = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length
      assert.ok(lines(stdout).length < 8 && host > 8, stdout)
      const inspects =
        'pid=$(pgrep -f ^the-dyno); readlink /proc/$pid/cwd; head -c 5 /proc/$pid/environ >/dev/null && kill -KILL $pid'
      assert.equal((await dyno.enter(inspects).outcome).stdout, '/app\n')
      assert.equal((await dyno.outcome).status, 137)
      other.end()
      assert.equal((await other.outcome).status, 0)
    })

    test('gets its variables, which no command line and no program of ours shows', async () => {
      const dyno = await open()
      const SECRET = 'one\ntwo \'three\' "four" $five `six` \\seven é'
      const environment = { SECRET, LD_DEBUG: 'files', EMPTY: '' }
      const guest = dyno.enter('unset LD_DEBUG; env -0 | sort -z; read x', { environment })
      await guest.says(/_=/)
      const shown = readdirSync('/proc').filter((pid) => commandLine(pid).includes('seven é'))
      assert.deepEqual(shown, [])
      guest.end()
      const { stdout, stderr } = await guest.outcome
      const names = stdout.split('\0').slice(0, -1)
      assert.ok(names.includes(`SECRET=${SECRET}`) && names.includes('EMPTY='), stdout)
      assert.deepEqual(
        names.map((entry) => entry.split('=')[0]),
        ['DYNO', 'EMPTY', 'HOME', 'PATH', 'PWD', 'SECRET', 'SHLVL', '_'],
      )
      assert.doesNotMatch(stderr, /program: .*(setpriv|nsenter|\benv)\b|calling fini: .*(setpriv|nsenter)/)
      dyno.end()
      await dyno.outcome
    })

    test("gets variables with names of bash's own", async () => {
      const dyno = await open()
      const environment = { UID: '1000', GROUPS: "a 'b'\nc", SHELLOPTS: 'errexit' }
      const { stdout, stderr } = await dyno.enter('printenv UID GROUPS HOME', { environment }).outcome
      assert.deepEqual([stdout, stderr], ["1000\na 'b'\nc\n/app\n", ''])
      dyno.end()
      await dyno.outcome
    })

    test('has a terminal of its own to type on, with job control', async () => {
      const dyno = await open('echo ready; read x; true', { terminal: TERMINAL })
      const guest = dyno.enter('bash --norc', {
        terminal: { columns: 91, rows: 33 },
        environment: { PS1: '> ' },
      })
      await guest.pid
      guest.type('stty size </dev/tty; echo a$((1 + 1))b\r')
      await guest.says(/33 91\r\na2b/)
      const length = nextSeconds()
      guest.type(`sleep ${length}\r`)
      await until(
        () => sleepers(length).length > 0,
        () => 'it never slept',
      )
      guest.type('\x1a')
      await guest.says(/Stopped/)
      guest.type('kill %1; fg\r')
      await guest.says(/Terminated/)
      guest.type('exit 4\r')
      assert.equal((await guest.outcome).status, 4)
      dyno.type('x\r')
      await dyno.outcome
    })

    test('cannot be left hanging by being stopped', async () => {
      const dyno = await open()
      const mark = `HANG=${nextSeconds()}`
      const guest = dyno.enter(
        "trap 'echo hup; exit 4' HUP; echo up; kill -STOP $$; while :; do sleep 0.1; done",
        {
          environment: { MARK: mark },
        },
      )
      await guest.says(/up/)
      await until(
        () => traces(mark).some((trace) => stateOf(Number.parseInt(trace, 10)) === 'T'),
        () => 'it never stopped',
      )
      guest.signal(SIGNALS.HUP)
      assert.equal((await guest.outcome).status, 4)
      dyno.end()
      await dyno.outcome
    })

    test('takes any input to its end, and keeps its two outputs apart', async () => {
      const dyno = await open()
      const guest = dyno.enter('cat; echo err >&2')
      await guest.pid
      guest.type('in\n')
      guest.end()
      const { stdout, stderr } = await guest.outcome
      assert.deepEqual([stdout, stderr], ['in\n', 'err\n'])
      dyno.end()
      await dyno.outcome
    })

    test('is refused while the walls are still being built', async () => {
      const dyno = place.start('echo ready; read x')
      await dyno.pid
      const { status, stdout, message } = await dyno.enter('echo in').outcome
      if (stdout === 'in\n') assert.equal(status, 0)
      else assert.equal(message, "The dyno is not up yet, or not any more; 'dyno ps' says which.")
      await dyno.says(/ready/)
      dyno.end()
      await dyno.outcome
    })
  })
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // no process, or gone meanwhile
  }
}
