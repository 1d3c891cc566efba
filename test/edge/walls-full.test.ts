import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { get } from 'node:http'
import { after, suite, test } from 'node:test'
import { openPlace, SOME_FULL_WALLS } from './walled.ts'

const SERVER = `require('node:http').createServer((_, answer) => answer.end('from ' + process.cwd()))
  .listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })`

for (const { user, way, by } of SOME_FULL_WALLS) {
  suite(`within full walls ${by}`, () => {
    const place = openPlace(user, way, {
      files: {
        'bin/fine': '#!/bin/sh\necho fine\n',
        'bin/text': 'echo not executable\n',
        'server.js': SERVER,
      },
    })
    after(() => place.close())
    const says = async (line: string, options = {}) => {
      const { stdout, stderr } = await place.run(line, options)
      assert.equal(stderr, '')
      return stdout
    }

    test('a command is in /app, which is its home, as the user of a dyno', async () => {
      const stdout = await says('pwd; echo $HOME ~; whoami; id -u; id -g; umask; cat lib/deep/file')
      assert.equal(stdout, '/app\n/app /app\nu43232\n43232\n43232\n0022\ndeep\n')
    })

    test('the environment is what was given and what bash adds', async () => {
      const value = 'one\ntwo \'three\' "four" $five `six` \\seven é'
      const stdout = await says('env -0 | sort -z', { environment: { PATH: '/usr/bin:/bin', VALUE: value } })
      assert.deepEqual(
        stdout.split('\0').slice(0, -1),
        [
          'DYNO=run.1',
          'HOME=/app',
          'PATH=/usr/bin:/bin',
          'PWD=/app',
          'SHLVL=1',
          `VALUE=${value}`,
          '_=/usr/bin/env',
        ].map((line) => line.replace('run.1', 'run.2')),
      )
    })

    test("names that are bash's own reach the command as they were given, without a word", async () => {
      const environment = {
        UID: '1000',
        GROUPS: 'a,b',
        PPID: '3',
        FUNCNAME: 'f',
        BASH_ARGV0: 'x',
        launch: 'l',
      }
      const { stdout, stderr } = await place.run('printenv UID GROUPS FUNCNAME launch HOME', { environment })
      assert.deepEqual([stdout, stderr], ['1000\na,b\nf\nl\n/app\n', ''])
    })

    test('the variables of the app reach the app, and no program of ours', async () => {
      const { stdout, stderr } = await place.run('echo "$LD_DEBUG"', { environment: { LD_DEBUG: 'files' } })
      assert.equal(stdout, 'files\n')
      assert.match(stderr, /calling init: .*\/libc\.so/)
      assert.doesNotMatch(
        stderr,
        /program: .*(setpriv|unshare|mount|\benv)\b|calling fini: .*(setpriv|unshare)/,
      )
    })

    test('a command starts although the PATH of the app leads nowhere', async () => {
      assert.equal(await says('echo "$PATH $0"', { environment: { PATH: '/nowhere' } }), '/nowhere bash\n')
    })

    test('/app can be written, renamed and removed, and none of it reaches the tree', async () => {
      const work =
        'rm Procfile; mv lib moved; mkdir -p a/b; echo new >a/b/c; ln -s a s; echo changed >>bin/fine'
      assert.equal(
        await says(`${work}; cat moved/deep/file a/b/c s/b/c; ls`),
        'deep\nnew\nnew\na\nbin\nmoved\ns\nserver.js\n',
      )
      assert.equal(await says('ls; bin/fine'), 'Procfile\nbin\nlib\nserver.js\nfine\n')
      assert.deepEqual(readdirSync(place.tree).sort(), ['Procfile', 'bin', 'lib', 'server.js'])
      assert.equal(readFileSync(`${place.tree}/bin/fine`, 'utf8'), '#!/bin/sh\necho fine\n')
    })

    test('two dynos share no file: not in /app, not in /tmp, /var/tmp or /dev/shm', async () => {
      const folders = '/app /tmp /var/tmp /dev/shm'
      const first = place.start(`for f in ${folders}; do echo mine >$f/mine; done; echo ready; read x`)
      await first.says(/ready/)
      assert.equal(await says(`for f in ${folders}; do ls $f; done`), 'Procfile\nbin\nlib\nserver.js\n')
      first.end()
      await first.outcome
      for (const folder of ['/tmp', '/var/tmp', '/dev/shm']) assert.ok(!existsSync(`${folder}/mine`))
    })

    test('the usual devices, standard streams and process substitution work', async () => {
      const devices = 'echo lost >/dev/null; head -c3 /dev/zero | od -An -tx1; head -c9 /dev/urandom | wc -c'
      const streams = '{ echo out >/dev/stdout; } | cat /dev/stdin; cat <(echo a) <(echo b); ls /dev/fd/0'
      assert.equal(await says(`${devices}; ${streams}`), ' 00 00 00\n9\nout\na\nb\n/dev/fd/0\n')
      const full = await place.run('echo x >/dev/full')
      assert.match(full.stderr, /No space left on device\n/)
    })

    test('a terminal is the terminal, under every name it has', async () => {
      const line =
        'tty; echo to-tty >/dev/tty; echo out >/dev/stdout; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size'
      const { stdout } = await place.run(line, { terminal: { columns: 91, rows: 17 } })
      assert.equal(stdout, '/dev/console\r\nto-tty\r\nout\r\n17 91\r\n')
    })

    test('a dyno can open terminals of its own', async () => {
      assert.equal(await says("script -qec 'tty' /dev/null </dev/null"), '/dev/pts/0\r\n')
    })

    test('no descriptor is inherited, though our process holds terminals and files', async () => {
      const held = place.start('echo up; cat', { terminal: { columns: 80, rows: 24 } })
      await held.says(/up/)
      for (const terminal of [null, { columns: 80, rows: 24 }]) {
        const { stdout } = await place.run('ls -m /proc/$$/fd; true', { terminal })
        assert.equal(stdout.trim(), '0, 1, 2')
      }
      held.signal(9)
      await held.outcome
    })

    test('profile scripts are sourced in the order of their names, then .profile', async () => {
      const tree = place.plant('profiled', {
        '.profile.d/b.sh': 'export SEEN="$SEEN b"\n',
        '.profile.d/a.sh': 'export SEEN="$GIVEN a" PATH="/app/bin:$PATH"\n',
        '.profile.d/c.txt': 'export SEEN=wrong\n',
        '.bashrc': 'SEEN=wrong; PATH=/wrong\n',
        '.profile': 'export SEEN="$SEEN last"\n',
        'bin/mine': '#!/bin/sh\necho "mine $SEEN"\n',
      })
      for (const terminal of [null, { columns: 80, rows: 24 }]) {
        const { stdout } = await place.run('mine', { tree, terminal, environment: { GIVEN: 'given' } })
        assert.equal(stdout.trim(), 'mine given a b last')
      }
    })

    test('the status of a command is the status of its dyno', async () => {
      const statuses = async (options: object) => {
        const lines = [
          'true',
          'exit 7',
          'no-such-program',
          './bin/text',
          'kill -TERM $$',
          'kill -KILL $$',
          'bin/fine; false',
        ]
        return Promise.all(lines.map(async (line) => (await place.run(line, options)).status))
      }
      assert.deepEqual(await statuses({}), [0, 7, 127, 126, 143, 137, 1])
      assert.deepEqual(await statuses({ terminal: { columns: 80, rows: 24 } }), [0, 7, 127, 126, 143, 137, 1])
    })

    test('a server of a dyno is reached from outside, and so is the outside', async (t) => {
      if (!hostNode) return t.skip('no node is installed where a dyno could see it')
      const server = place.start(`${hostNode} server.js`)
      const [, port] = await server.says(/port (\d+)/)
      assert.equal(await fetched(Number(port)), 'from /app')
      assert.equal(
        await says(
          `exec 5<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&5; tail -1 <&5`,
        ),
        'from /app',
      )
      server.signal(15)
      assert.equal((await server.outcome).status, 143)
    })

    test('names with blanks, commas, colons, quotes, backslashes and hashes are names', async () => {
      const odd = openPlace(user, way, { within: place.folder, odd: ` a b,c:d'e"f\\g#h=i$j%k é` })
      try {
        const tree = odd.plant('odd', { 'x y': 'there\n' })
        const { stdout, stderr, status } = await odd.run(`cat 'x y'; echo more >>'x y'; pwd`, { tree })
        assert.deepEqual({ stdout, stderr, status }, { stdout: 'there\n/app\n', stderr: '', status: 0 })
      } finally {
        await odd.close()
      }
    })

    test('walls that cannot be built say why and end with 125', async () => {
      const { status, stderr } = await place.run('echo unreachable', { tree: `${place.folder}/gone` })
      assert.equal(status, 125)
      assert.match(stderr, /gone/)
    })

    test('nothing of a dyno is written down once it is over', async () => {
      await place.run('true')
      const files = readdirSync(`${place.runtime}/m`).filter((name) => /\.(launch|go)$/.test(name))
      const left = () => files.filter((name) => statSync(`${place.runtime}/m/${name}`).size > 0)
      assert.deepEqual(left(), [])
    })
  })
}

function fetched(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1' }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

// A dyno has a /tmp of its own: a node below the host's, as in a checkout there, is not in it.
const hostNode = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/local/bin']
  .filter((folder) => folder.startsWith('/') && !folder.startsWith('/tmp/'))
  .map((folder) => `${folder}/node`)
  .find((path) => existsSync(path))
