import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { after, suite, test } from 'node:test'
import { until } from '../harness.ts'
import { openPlace, plantFixture, traces, USERS } from './walled.ts'

const TERMINAL = { columns: 80, rows: 24 }

let seconds = 800_001 + (process.pid % 10_000) * 20
const nextSeconds = () => (seconds += 2)

const nothingLeft = (word: string) =>
  until(
    () => traces(word).length === 0,
    () => `left behind:\n${traces(word).join('\n')}`,
  )

for (const user of USERS) {
  suite(`within folder walls built by ${user}`, () => {
    const place = openPlace(user, 'folder')
    const tree = plantFixture(place, 'misbehaving')
    const copies = `${place.runtime}/m`
    after(() => place.close())

    test('a command is in its own copy of the slug, which is its home', async () => {
      const { stdout } = await place.run('pwd; echo ~; umask; cat lib/deep/file; rm -r lib Procfile; ls')
      assert.equal(stdout, `${copies}/run.1/app\n${copies}/run.1/app\n0022\ndeep\n`)
      assert.deepEqual(readdirSync(place.tree).sort(), ['Procfile', 'lib'])
    })

    test('the environment is what was given and what bash adds', async () => {
      const environment = { PATH: '/usr/bin:/bin', VALUE: 'it\'s\n"so"' }
      const { stdout } = await place.run('env -0', { environment })
      const names = stdout.split('\0').map((line) => line.split('=')[0]!)
      assert.deepEqual(names.slice(0, -1).sort(), ['DYNO', 'HOME', 'PATH', 'PWD', 'SHLVL', 'VALUE', '_'])
      assert.match(stdout, /VALUE=it's\n"so"\0/)
    })

    test('profile scripts are sourced, and a command starts where PATH leads nowhere', async () => {
      const profiled = place.plant('profiled', {
        '.profile.d/b.sh': 'SEEN="$SEEN b"\n',
        '.profile.d/a.sh': 'export SEEN=a PATH=/nowhere\n',
        '.bashrc': 'SEEN=wrong; PATH=/wrong\n',
        '.profile': 'SEEN="$SEEN last"\n',
      })
      const { stdout } = await place.run('echo "$SEEN $PATH"', { tree: profiled })
      assert.equal(stdout, 'a b last /nowhere\n')
    })

    test('the status of a command is the status of its dyno', async () => {
      const lines = ['exit 7', 'no-such-program', './Procfile', 'kill -KILL $$']
      for (const terminal of [null, TERMINAL]) {
        const outcomes = await Promise.all(lines.map((line) => place.run(line, { terminal })))
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          [7, 127, 126, 137],
        )
      }
    })

    test('what an earlier life has left in the way is no fresh filesystem, and refused', async () => {
      const left = (await place.run('echo $DYNO')).stdout
        .trim()
        .replace(/\d+/, (number) => `${Number(number) + 1}`)
      mkdirSync(`${copies}/${left}/app`, { recursive: true })
      const { message, status } = await place.run('true')
      rmSync(`${copies}/${left}`, { recursive: true, force: true })
      assert.match(message!, /^The slug could not be copied to .*\/run\.\d+: EEXIST/)
      assert.equal(status, 1)
    })

    test('no descriptor is inherited, though our process holds terminals', async () => {
      const held = place.start('echo up; cat', { terminal: TERMINAL })
      await held.says(/up/)
      const { stdout } = await place.run('ls -m /proc/$$/fd; true')
      assert.equal(stdout, '0, 1, 2\n')
      held.signal(9)
      await held.outcome
    })

    test('nothing survives the first process: no session, no fork, no clean environment saves it', async () => {
      const length = nextSeconds()
      const bare = `env -i /usr/bin/setsid sh -c 'cd lib 2>/dev/null; exec sleep ${length}' &`
      for (const terminal of [null, TERMINAL]) {
        const line = `${bare} bin/daemon ${length} 5; status=$?; sleep 0.1; exit $status`
        const { status } = await place.run(line, { tree, terminal })
        assert.equal(status, 5)
        await nothingLeft(`sleep\0${length}\0`)
      }
    })

    test('a killed dyno leaves nothing, whatever it started', async () => {
      const length = nextSeconds()
      const dyno = place.start(`bin/forker ${length}`, { tree })
      await dyno.says(/ready/)
      assert.equal(traces(`sleep\0${length}\0`).length, 2)
      dyno.signal(9)
      assert.equal((await dyno.outcome).status, 137)
      await nothingLeft(`sleep\0${length}\0`)
    })

    test('folders that the dyno closed are discarded as well', async () => {
      const { status } = await place.run('mkdir -p a/b c; echo x >a/b/file; chmod 000 a/b a c; chmod 500 .')
      assert.equal(status, 0)
      assert.deepEqual(readdirSync(copies), [])
    })

    test('a killed manifold leaves neither a process nor a folder', async () => {
      const doomed = openPlace(user, 'folder')
      const length = nextSeconds()
      const bare = `env -i setsid sleep ${length} & env -i setsid sh -c 'cd bin; exec sleep ${length}' &`
      const dyno = doomed.start(`mkdir -p shut/in; chmod 000 shut; ${bare} exec bin/forker ${length}`, {
        tree,
      })
      await dyno.says(/ready/)
      await doomed.kill()
      await nothingLeft(`sleep\0${length}\0`)
      await until(
        () => !existsSync(`${doomed.runtime}/m`),
        () => 'the folder is still there',
      )
      await doomed.close()
    })

    test('a copy that fails is one clear sentence', async (t) => {
      if (user === 'root') return t.skip('root may write everywhere')
      chmodSync(copies, 0o500)
      const { message } = await place.run('true')
      chmodSync(copies, 0o700)
      assert.match(
        message!,
        /^The slug could not be copied to .*: .*[Pp]ermission denied.*\. Make room there/,
      )
    })

    test('a slug that is not there is one clear sentence, and leaves no folder', async () => {
      const { message, status } = await place.run('true', { tree: `${place.folder}/gone` })
      assert.match(message!, /^The slug could not be copied to .*No such file or directory/)
      assert.equal(status, 1)
      assert.deepEqual(readdirSync(copies), [])
    })

    test('names with blanks, quotes and patterns are names', async () => {
      const odd = openPlace(user, 'folder', { within: place.folder, odd: ` a 'b" [c] *?\\ $d é` })
      const length = nextSeconds()
      const { stdout } = await odd.run('echo x >y; cat y')
      assert.equal(stdout, 'x\n')
      const dyno = odd.start(`env -i setsid sleep ${length} & setsid sleep ${length} & echo up; read x`)
      await dyno.says(/up/)
      writeFileSync(`${place.folder}/bystander`, '')
      await odd.kill()
      await nothingLeft(`sleep\0${length}\0`)
      await until(
        () => !existsSync(`${odd.runtime}/m`),
        () => 'the folder is still there',
      )
      assert.ok(existsSync(`${place.folder}/bystander`))
      await odd.close()
    })
  })
}
