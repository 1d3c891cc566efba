import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { dyno, type Finished, openSandbox, ROOT, type Sandbox, script } from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox({ Procfile: 'web: echo\n' })
  mkdirSync(`${sandbox.folder}/empty`)
})
after(() => sandbox.close())

/** One line on stderr that begins as Heroku's do, nothing on stdout, and this status. */
function refused(ran: Finished, sentence: RegExp, status = 1): void {
  const lines = ran.stderr.replace(/^Running .* attached to terminal\.\.\. \n?/, '')
  assert.match(lines, /^ ! {4}[^\n]+\n$/)
  assert.match(lines.slice(6), sentence)
  assert.doesNotMatch(ran.stderr, /^ +at |node:internal|Error:/m)
  assert.deepEqual([ran.stdout, ran.status], ['', status])
}

const WORDS: readonly [words: string[], sentence: RegExp, status: number][] = [
  [['run'], /^Usage: dyno run COMMAND\. Example: dyno run bash\n/, 2],
  [['run', '--no-tty'], /^Usage: dyno run COMMAND/, 2],
  [['run', '--'], /^Usage: dyno run COMMAND/, 2],
  [['run:detached'], /^Usage: dyno run:detached COMMAND/, 2],
  [['run', ''], /./, 1],
  [['run', '  '], /./, 1],
  [['run', '--envv', 'A=1', 'ls'], /^There is no flag --envv for 'dyno run'\. Did you mean --env\?\n/, 2],
  [['run', '--colour', 'ls'], /^There is no flag --colour for 'dyno run'\. It knows --app, /, 2],
  [['run', '-c', 'ls'], /^There is no flag -c for 'dyno run'\./, 2],
  [['run', '--size'], /^--size needs a value: --size SIZE\.\n/, 2],
  [['run', '--no-tty=yes', 'ls'], /^--no-tty takes no value\.\n/, 2],
  [['run', '--walls', 'thick', 'ls'], /^Walls are 'full' or 'folder', not 'thick'\.\n/, 1],
  [['run', '--app', '/there/is/none', 'ls'], /^There is no folder \/there\/is\/none; /, 1],
  [['ps', '--app', '/etc/hostname'], /^There is no folder \/etc\/hostname; /, 1],
  [['rnu', 'ls'], /^There is no command 'dyno rnu'\. Did you mean 'dyno run'\?\n/, 2],
  [['frobnicate'], /^There is no command 'dyno frobnicate'\. Type 'dyno help' for the list\.\n/, 2],
  [['help', 'frobnicate'], /^There is no command 'dyno frobnicate'\./, 2],
  [['toString'], /^There is no command 'dyno toString'\./, 2],
  [['ps', '--jsn'], /^There is no flag --jsn for 'dyno ps'\. Did you mean --json\?\n/, 2],
  [['logs', '-n', '-5'], /./, 2],
  [['down', 'worker'], /^There is no place for 'worker' in 'dyno down'\. Usage: dyno down\.\n/, 2],
  [['logs', 'web'], /^There is no place for 'web' in 'dyno logs'\. Usage: dyno logs \[-p DYNO\]/, 2],
  [['release', '--', 'v3'], /^There is no place for 'v3' in 'dyno release'\./, 2],
  [['slug:diff', 'a', 'b', 'c'], /^There is no place for 'c' in 'dyno slug:diff'\./, 2],
  [['maintenance', 'on'], /'dyno maintenance'\. Did you mean 'dyno maintenance:on'\?\n/, 2],
  [['config', 'set', 'A=1'], /'dyno config'\. Did you mean 'dyno config:set'\?\n/, 2],
]

for (const [words, sentence, status] of WORDS) {
  test(`one sentence and status ${status}: dyno ${words.map((word) => word || "''").join(' ')}`, async () => {
    refused(await dyno(sandbox, words), sentence, status)
  })
}

for (const words of ['ps', 'help', 'help ps', 'ps --help', 'help --man', 'version']) {
  test(`dyno ${words} onto a full disk says so, and status 1`, async () => {
    const { stderr, status } = await script(sandbox, `"$BIN" ${words} >/dev/full`)
    assert.deepEqual([stderr, status], [' !    What is said here cannot be written (ENOSPC).\n', 1])
  })
}

test('without a Procfile here or above, run says where to go', async () => {
  const ran = await dyno(sandbox, ['run', 'ls'], { cwd: `${sandbox.folder}/empty` })
  refused(ran, /^No Procfile here or above; go to the app, or name it with --app DIR\.\n$/)
})

test('a current folder that is gone is one sentence', async () => {
  const ran = await script(sandbox, 'mkdir ../gone; cd ../gone; rmdir ../gone; "$BIN" run ls')
  refused({ ...ran, stderr: ran.stderr.replace(/^sh: .*getcwd.*\n/, '') }, /./)
})

test('a problem that comes after the banner has a line of its own', async () => {
  const ran = await dyno(sandbox, ['run', '--walls', 'thick', 'true'])
  assert.match(ran.stderr, /^(Running true attached to terminal\.\.\. *\n)? ! {4}Walls are /)
})

test('a name with control characters reaches the terminal without them', async () => {
  const ran = await dyno(sandbox, ['run', '\x1b]0;title\x07\x1b[2J true'])
  assert.ok(!ran.stderr.split('\n')[0]!.includes('\x1b'))
})

for (const folder of ['/proc/none', '/dev/null']) {
  test(`${folder}, in which the system makes no folder, is named and not tried for ever`, async (t) => {
    const other = openSandbox({ Procfile: '' })
    t.after(other.close)
    const ran = await dyno(other, ['run', 'ls'], { env: { XDG_STATE_HOME: folder } })
    refused(ran, new RegExp(`^The folder ${folder}/dyno/app-\\w+ cannot be made \\(E\\w+`))
  })
}

for (const name of ['XDG_CACHE_HOME', 'XDG_RUNTIME_DIR']) {
  test(`a file where ${name} should be a folder is one sentence`, async (t) => {
    const other = openSandbox({ Procfile: '' }) // its manifold must not run yet
    t.after(other.close)
    writeFileSync(`${other.folder}/file`, '')
    refused(await dyno(other, ['run', 'ls'], { env: { [name]: `${other.folder}/file` } }), /\/file/)
  })

  test(`${name} without write permission is one sentence for an ordinary user`, async (t) => {
    const other = openSandbox({ Procfile: '' }, { ordinary: true })
    t.after(other.close)
    mkdirSync(`${other.folder}/locked`)
    chmodSync(`${other.folder}/locked`, 0o555)
    const ran = await dyno(other, ['run', 'ls'], { env: { [name]: `${other.folder}/locked` } })
    refused(ran, /\/locked/)
    assert.deepEqual(readdirSync(`${other.folder}/locked`), [])
  })
}

const isRoot = process.geteuid?.() === 0

for (const name of ['XDG_CACHE_HOME', 'XDG_RUNTIME_DIR']) {
  test(`a full disk below ${name} is one sentence, and nothing half done is left on it`, {
    skip: !isRoot,
  }, async (t) => {
    const full = openSandbox({ Procfile: 'web: echo\n', noise: 'x'.repeat(400_000) })
    t.after(full.close)
    mkdirSync(`${full.folder}/small`)
    const isCache = name === 'XDG_CACHE_HOME'
    const mount = `mount -t tmpfs -o size=${isCache ? '200k' : '4k'} small ../small`
    const fill = isCache ? 'true' : 'head -c 1M /dev/zero 2>/dev/null > ../small/fill'
    const run = `export ${name}="$PWD/../small"; timeout -s KILL 9 "$BIN" run true; echo $? >&2; find ../small -type f >&2`
    const ran = await script(full, `unshare -m sh -c '${mount}; ${fill}; ${run}'`)
    const [line, status, ...left] = ran.stderr.split('\n')
    assert.match(line!, / ! {4}.*(space|room|full|ENOSPC)/i)
    assert.equal(status, '1')
    assert.deepEqual(
      left.filter((path) => /\.tmp|\/trees\//.test(path)),
      [],
    )
  })
}

test('a disk too full for the log is told, and the one-off runs', { skip: !isRoot }, async (t) => {
  const full = openSandbox({ Procfile: 'web: echo\n' })
  t.after(full.close)
  mkdirSync(`${full.folder}/small`)
  const mount = 'mount -t tmpfs -o size=4k small ../small; head -c 1M /dev/zero 2>/dev/null >../small/fill'
  const run = 'export XDG_STATE_HOME="$PWD/../small"; "$BIN" run echo ran'
  const ran = await script(full, `unshare -m sh -c '${mount}; ${run}'`)
  assert.match(ran.stderr, /^ ! {4}The disk is full: \d+ lines of the log are lost; make room below .+\.$/m)
  assert.match(ran.stderr, /up, run\.1\n$/)
  assert.equal(ran.stdout, 'ran\n')
})

test('a path too long for a socket is one sentence that says what to set', async () => {
  const XDG_RUNTIME_DIR = `${sandbox.folder}/${'long/'.repeat(30)}`
  refused(
    await dyno(sandbox, ['run', 'ls'], { env: { XDG_RUNTIME_DIR } }),
    /too long for a socket; set XDG_RUNTIME_DIR/,
  )
})

test("somebody else's runtime folder is not used", { skip: !isRoot }, async () => {
  const run = `${sandbox.folder}/theirs`
  mkdirSync(`${run}/dyno`, { recursive: true })
  spawnSync('chown', ['-R', '12345', run])
  const ran = await dyno(sandbox, ['run', 'ls'], { env: { XDG_RUNTIME_DIR: run } })
  refused(ran, /theirs\/dyno belongs to somebody else; set XDG_RUNTIME_DIR to a folder of yours\.\n$/)
  assert.deepEqual(readdirSync(`${run}/dyno`), [])
})

test('help lists the commands, and each has its own', async () => {
  for (const words of [[], ['help'], ['--help'], ['-h']]) {
    const { stdout, stderr, status } = await dyno(sandbox, words)
    assert.match(stdout, /^Usage: dyno COMMAND \[FLAGS\] \[WORDS\]\n\n/)
    assert.match(stdout, /\n {2}run +Runs a command/)
    assert.deepEqual([stderr, status], ['', 0])
  }
  for (const words of [
    ['run', '--help'],
    ['help', 'run'],
    ['run', '--no-tty', '-h'],
    ['run', '-a', 'shop', '--help'],
  ]) {
    const { stdout, status } = await dyno(sandbox, words)
    assert.match(stdout, /^Usage: dyno run \[FLAGS\] COMMAND/)
    assert.equal(status, 0)
  }
})

test("--help after the command is the command's", async () => {
  assert.match((await dyno(sandbox, ['run', 'ls', '--help'])).stdout, /^Usage: ls /)
  assert.equal((await dyno(sandbox, ['run', '--', 'echo', '--help'])).stdout, '--help\n')
  assert.equal((await dyno(sandbox, ['run', '--size', 'basic', 'echo', '-h'])).stdout, '-h\n')
})

test('--help after -- is the command itself', async () => {
  const ran = await dyno(sandbox, ['run', '--', '--help'])
  assert.deepEqual([ran.stdout, ran.status], ['', 127])
})

test('version names the release of the package', async () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
    version: string
  }
  for (const word of ['version', '--version', '-v']) {
    const { stdout, status } = await dyno(sandbox, [word])
    assert.ok(stdout.startsWith(`dyno ${version} (node `), stdout)
    assert.equal(status, 0)
  }
})
