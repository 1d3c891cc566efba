import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { dyno, openSandbox, type Sandbox, script } from '../harness.ts'

let sandbox: Sandbox
let shop: Sandbox
before(() => {
  shop = openSandbox('widgets')
  sandbox = openSandbox({
    Procfile: 'web: echo PROCFILE-WEB\ncustom: echo -n\nfails: exit 4\n',
    '.env': 'T_E=fromenv\n',
    vars: 'T_E=1\n',
  })
})
after(async () => {
  await sandbox.close()
  await shop.close()
})

type Case = { id: string; words: string[]; out?: string; err?: RegExp; status?: number }

// The ids are those of the black-box cases that other Procfile tools were measured with.
const CASES: readonly Case[] = [
  { id: 'X01 the exit status', words: ['sh', '-c', 'exit 7'], status: 7 },
  { id: 'X02 status 0', words: ['true'] },
  { id: 'X03 words with blanks', words: ['printf', '[%s]\\n', 'a b', 'c'], out: '[a b]\n[c]\n' },
  { id: 'X04 flags after the command', words: ['grep', '-c', '-e', 'T_E', 'vars'], out: '1\n' },
  {
    id: 'X04 our own flags after the command',
    words: ['echo', '--no-tty', '-e', 'A=1'],
    out: '--no-tty -e A=1\n',
  },
  { id: 'X06 a process type', words: ['web'], out: 'PROCFILE-WEB\n' },
  { id: 'X06 a process type and further words', words: ['custom', 'hi dokku'], out: 'hi dokku' },
  { id: 'X06 a process type in a shell line', words: ['custom hi && echo !'], out: 'hi!\n' },
  { id: 'X07 one word is a shell line', words: ['echo a && echo b'], out: 'a\nb\n' },
  { id: 'X09 a $ in a word', words: ['echo', '$T_E'], out: 'fromenv\n' },
  { id: 'X10 a glob in a word', words: ['echo', '*'], out: 'Procfile vars\n' },
  {
    id: 'X11 a command that is not there',
    words: ['there-is-none'],
    err: /: there-is-none: command not found\n$/,
    status: 127,
  },
  {
    id: 'X11 a path that is not there',
    words: ['./there-is-none'],
    err: /No such file or directory\n$/,
    status: 127,
  },
  {
    id: 'X12 a file that cannot be executed',
    words: ['./Procfile'],
    err: /Permission denied\n$/,
    status: 126,
  },
  {
    id: 'X13 stdout and stderr apart',
    words: ['sh', '-c', 'echo O; echo E >&2'],
    out: 'O\n',
    err: /run\.\d+\nE\n$/,
  },
  { id: 'X15 -- after the command', words: ['printf', '[%s]', '--', 'x'], out: '[--][x]' },
  { id: 'X15 -- before the command', words: ['--', 'printf', '[%s]', '-x'], out: '[-x]' },
  { id: 'X18 a newline in a word', words: ['printf', '[%s]', 'a\nb'], out: '[a\nb]' },
  { id: 'X19 a single quote in a word', words: ['printf', '[%s]', "it's"], out: "[it's]" },
  { id: 'X19 double quotes in a word', words: ['printf', '[%s]', 'say "hi"'], out: '[say "hi"]' },
  { id: 'X20 an empty word', words: ['printf', '[%s]', '', 'x'], out: '[][x]' },
  { id: 'T18 the status of a process type', words: ['fails'], status: 4 },
  { id: 'a program killed by a signal', words: ['kill -TERM $$'], status: 143 },
  { id: 'a program killed by SIGKILL', words: ['kill -KILL $$'], status: 137 },
  { id: 'no input but /dev/null', words: ['wc', '-c'], out: '0\n' },
  { id: '--exit-code is accepted', words: ['--exit-code', 'sh', '-c', 'exit 3'], status: 3 },
  { id: '-x is accepted', words: ['-x', 'fails'], status: 4 },
  { id: '--no-tty is accepted', words: ['--no-tty', 'tty'], out: 'not a tty\n', status: 1 },
  { id: '-e sets variables', words: ['-e', 'A=1;B=x y', 'echo $A $B'], out: '1 x y\n' },
  { id: '-e wins over config vars', words: ['-e', 'T_E=flag', 'echo $T_E'], out: 'flag\n' },
  { id: '--env=… sets variables', words: ['--env=A=1', 'echo', '$A'], out: '1\n' },
  { id: '--size in any letters', words: ['--size', 'STANDARD-2x', 'true'] },
  { id: '--size 1x', words: ['-s', '1x', 'true'] },
  { id: '--size performance-l', words: ['--size=performance-l', 'true'] },
  { id: '--type of the Procfile', words: ['--type', 'web', 'echo yes'], out: 'yes\n' },
]

for (const { id, words, out = '', err = /^[^\n]*\n$/, status = 0 } of CASES) {
  test(`dyno run does as Heroku's dynos do: ${id}`, async () => {
    const ran = await dyno(sandbox, ['run', ...words])
    assert.equal(ran.stdout, out)
    assert.match(ran.stderr, /^Running .* attached to terminal\.\.\. up, run\.\d+\n/)
    assert.match(ran.stderr, err)
    assert.equal(ran.status, status)
  })
}

test('a flag that makes no assignment is a warning, and the run goes on', async () => {
  const ran = await dyno(sandbox, ['run', '-e', 'bad;A=1', 'echo $A'])
  assert.equal(ran.stdout, '1\n')
  assert.match(ran.stderr, /^ ! {4}env flag bad appears invalid\. Avoid using ';' in values\.\nRunning /)
  assert.equal(ran.status, 0)
})

test('an unknown size or type is refused with the choices', async () => {
  const size = await dyno(sandbox, ['run', '--size', 'huge', 'true'])
  assert.match(size.stderr, / ! {4}There is no dyno size 'huge'\. The sizes are Eco, Basic, Standard-1X, /)
  assert.equal(size.status, 1)
  const type = await dyno(sandbox, ['run', '--type', 'wrker', 'true'])
  assert.match(
    type.stderr,
    / ! {4}Couldn't find that process type: there is no wrker\. The Procfile has web, custom, fails\.\n$/,
  )
  assert.equal(type.status, 1)
})

test('a process type takes further words and hands its status back', async () => {
  const ran = await dyno(shop, ['run', 'worker', '2'])
  assert.match(ran.stdout, /^worker: ready.*\n(.*\n){2}/)
  assert.equal(ran.status, 0)
  const report = await dyno(shop, ['run', 'bin/do-work 3 >/dev/null && wc -l <tmp/report.txt'])
  assert.equal(report.stdout.trim(), '3')
})

test('all 256 byte values go in and come out as they are, on stdout and on stderr', async () => {
  const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  const ran = await dyno(sandbox, ['run', 'tee /dev/stderr'], { input: every })
  assert.deepEqual(ran.bytes, every)
  const apart = await script(
    sandbox,
    'printf "\\0\\377\\r\\n\\4" | "$BIN" run "cat >&2" 2>err; tail -n +2 err | od -An -tx1; rm err',
  )
  assert.equal(apart.stdout, ' 00 ff 0d 0a 04\n')
})

test('5 MB of noise come back byte for byte', async () => {
  const noise = randomBytes(5_000_000)
  const ran = await dyno(sandbox, ['run', 'cat'], { input: noise })
  assert.ok(ran.bytes.equals(noise))
  assert.equal(ran.status, 0)
})

test('64 MB through two pipes come out byte for byte', async () => {
  const big = randomBytes(64 * 1024 * 1024)
  writeFileSync(`${sandbox.folder}/big`, big)
  const ran = await script(sandbox, 'cat ../big | "$BIN" run cat | sha256sum')
  assert.equal(ran.stdout, `${createHash('sha256').update(big).digest('hex')}  -\n`)
  assert.equal(ran.status, 0)
})

test('a slow reader gets everything, and the dyno waits for it', async () => {
  const ran = await script(
    sandbox,
    '"$BIN" run "head -c 9000000 /dev/zero; echo done >&2" | (sleep 0.5; wc -c)',
  )
  assert.equal(ran.stdout, '9000000\n')
  assert.match(ran.stderr, /done\n$/)
})

test('input comes from a file, from /dev/null and from no descriptor at all', async () => {
  const file = await script(sandbox, '"$BIN" run wc -c <vars')
  assert.equal(file.stdout, '6\n')
  const nothing = await script(sandbox, '"$BIN" run wc -c </dev/null')
  assert.equal(nothing.stdout, '0\n')
  const closed = await script(sandbox, '"$BIN" run wc -c <&-')
  assert.equal(closed.stdout, '0\n')
  assert.equal(closed.status, 0)
})

test('a program that does not read its input ends all the same', async () => {
  const ran = await script(sandbox, 'head -c 5000000 /dev/zero | { "$BIN" run "exit 5"; echo $?; }')
  assert.equal(ran.stdout, '5\n')
})

test('a program that goes on after its input has ended is waited for', async () => {
  const ran = await dyno(sandbox, ['run', 'cat; sleep 0.3; echo after'], { input: 'before\n' })
  assert.equal(ran.stdout, 'before\nafter\n')
})

test("flags of Heroku's that mean nothing here are taken", async () => {
  const ran = await dyno(sandbox, ['run', '--no-notify', '--no-launcher', '-x', 'exit 4'])
  assert.equal(ran.status, 4)
})

test('a reader that leaves early ends the one-off, with the status of a broken pipe', async () => {
  const ran = await script(sandbox, '{ "$BIN" run yes; echo $? >&2; } | head -1')
  assert.equal(ran.stdout, 'y\n')
  assert.match(ran.stderr, /^Running yes .*\n141\n$/)
  const errors = await script(sandbox, '"$BIN" run "yes >&2" 2>&1 >/dev/null | head -2 | tail -1')
  assert.deepEqual([errors.stdout, errors.status], ['y\n', 141])
})

test('the program may close its output and go on to its own status', async (t) => {
  const bad = openSandbox('misbehaving')
  t.after(bad.close)
  const ran = await dyno(bad, ['run', 'closes-stdout', '0.2', '7'])
  assert.equal(ran.status, 7)
  const left = await dyno(bad, ['run', 'daemon', '98123', '3'])
  assert.equal(left.status, 3)
})
