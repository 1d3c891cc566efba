import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { after, before, test } from 'node:test'
import {
  BIN,
  dyno,
  ended,
  openSandbox,
  quiet,
  reads,
  type Sandbox,
  sitDown,
  sleepers,
  startDyno,
  until,
} from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('misbehaving')
})
after(() => sandbox.close())

/** The log of a dyno (or all of it) once this can be read in it, without time stamps. */
async function log(name: string, until = 'State changed from'): Promise<string[]> {
  const tail = startDyno(sandbox, ['logs', '-t', '-p', name])
  await reads(tail, until)
  tail.kill('SIGINT')
  const { stdout } = await dyno(sandbox, ['logs', '-p', name])
  return unstamped(stdout)
}

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 /

function unstamped(text: string): string[] {
  const lines = text.split('\n').slice(0, -1)
  for (const line of lines) assert.match(line, STAMP)
  return lines.map((line) => line.replace(STAMP, ''))
}

const OVER = 'to complete'

async function detach(...words: string[]): Promise<string> {
  const ran = await dyno(sandbox, ['run:detached', ...words])
  assert.equal(ran.status, 0)
  return /run\.\d+/.exec(ran.stdout)![0]
}

test('run:detached says where the output goes and is done at once', async () => {
  const first = await dyno(sandbox, ['run:detached', 'sleep', '98801'])
  assert.equal(
    first.stdout,
    "Running sleep 98801... up, run.1\nUse 'dyno logs -p run.1' to view the log output.\n",
  )
  assert.equal(first.stderr, '')
  assert.equal(first.status, 0)
  await until(
    () => sleepers(98801).length === 1,
    () => 'it never slept',
  )
})

test('ps lists the dynos in a table, each cell filled up', async () => {
  const long = await detach('echo 1234567890123456789012345678901234567890; exec sleep 98802')
  await log(long, 'starting to up')
  const { stdout, stderr, status } = await dyno(sandbox, ['ps'])
  const [header, dashes, ...rows] = stdout.split('\n').slice(0, -1)
  assert.match(header!, /^Process {2}State {6,7}Command {31}$/) // wider when a dyno is up for ten seconds
  assert.match(dashes!, /^-{7} {2}-{9,10} {2}-{36} {2}$/)
  assert.match(rows[0]!, /^run\.1 {4}up for \d+s {2}sleep 98801 {27}$/)
  assert.match(rows[1]!, /^run\.2 {4}up for \d+s {2,3}echo 12345678901234567890123456789\.\. {2}$/)
  assert.equal(new Set([header!.length, dashes!.length, ...rows.map((row) => row.length)]).size, 1)
  assert.deepEqual([rows.length, stderr, status], [2, '', 0])
})

test('ps --json is the list of the Platform API', async () => {
  const list = JSON.parse((await dyno(sandbox, ['ps', '--json'])).stdout) as Record<string, unknown>[]
  assert.deepEqual(
    list.map(({ name, type, command, size, state, attach_url }) => ({
      name,
      type,
      command,
      size,
      state,
      attach_url,
    })),
    [
      { name: 'run.1', command: 'sleep 98801' },
      { name: 'run.2', command: 'echo 1234567890123456789012345678901234567890; exec sleep 98802' },
    ].map((dyno) => ({ ...dyno, type: 'run', size: 'Basic', state: 'up', attach_url: null })),
  )
  assert.deepEqual((list[0]!['app'] as { name: string }).name, 'app')
  assert.ok(Date.parse(String(list[0]!['created_at'])) <= Date.now())
})

test('ps:stop ends a dyno and says so', async () => {
  const stopped = await dyno(sandbox, ['ps:stop', 'run.1'])
  assert.equal(stopped.stdout, 'Stopping run.1 process... done\n')
  assert.equal(stopped.stderr, '')
  assert.equal(stopped.status, 0)
  assert.deepEqual(sleepers(98801), [])
  assert.deepEqual((await log('run.1', OVER)).slice(-3), [
    'heroku[run.1]: Stopping all processes with SIGTERM',
    'heroku[run.1]: Process exited with status 143',
    'heroku[run.1]: State changed from up to complete',
  ])
})

test('ps:stop of a dyno that is not there, or of none, is said so', async () => {
  const gone = await dyno(sandbox, ['ps:stop', 'run.1'])
  assert.equal(gone.stderr, " !    Couldn't find that dyno: there is no run.1. These run: run.2.\n")
  assert.deepEqual([gone.stdout, gone.status], ['Stopping run.1 process... \n', 1])
  const none = await dyno(sandbox, ['ps:stop'])
  assert.equal(none.stderr, ' !    Please specify a process type or dyno name to stop.\n')
  assert.deepEqual([none.stdout, none.status], ['', 2])
  assert.equal((await dyno(sandbox, ['stop', 'run.2'])).stdout, 'Stopping run.2 process... done\n')
  assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
})

test('the log of a detached one-off is that of Heroku, with its output', async () => {
  const name = await detach('echo out; echo err >&2; printf "no newline"; exit 3')
  const command = '`echo out; echo err >&2; printf "no newline"; exit 3`'
  const api = `app[api]: Starting process with command ${command} by user ${userInfo().username}`
  const lines = await log(name, OVER)
  const isOutput = (line: string) => line.startsWith('app[')
  assert.deepEqual(
    lines.filter((line) => !isOutput(line)),
    [
      `heroku[${name}]: Starting process with command ${command}`,
      `heroku[${name}]: State changed from starting to up`,
      `heroku[${name}]: Process exited with status 3`,
      `heroku[${name}]: State changed from up to complete`,
    ],
  )
  const output = lines.filter(isOutput)
  assert.deepEqual(output.toSorted(), [`app[${name}]: err`, `app[${name}]: no newline`, `app[${name}]: out`])
  assert.ok(output.indexOf(`app[${name}]: out`) < output.indexOf(`app[${name}]: no newline`))
  assert.ok(unstamped((await dyno(sandbox, ['logs', '-p', 'api'])).stdout).includes(api))
})

test('the log of an attached one-off is that of Heroku, without its output', async () => {
  const ran = await dyno(sandbox, ['run', 'crasher', '4'])
  const name = /run\.\d+/.exec(ran.stderr)![0]
  assert.deepEqual(await log(name, OVER), [
    `heroku[${name}]: Awaiting client`,
    `heroku[${name}]: Starting process with command \`bin/crasher 4\``,
    `heroku[${name}]: State changed from starting to up`,
    `heroku[${name}]: Process exited with status 4`,
    `heroku[${name}]: State changed from up to complete`,
  ])
})

test('a process type is resolved in the log, and shown as typed by ps', async () => {
  const name = await detach('forker', '98803')
  const lines = await log(name, 'ready')
  assert.ok(lines.includes(`heroku[${name}]: Starting process with command \`bin/forker 98803\``))
  assert.match((await dyno(sandbox, ['ps'])).stdout, / {2}forker 98803 +\n$/)
  await dyno(sandbox, ['ps:stop', name])
  assert.deepEqual(sleepers(98803), [])
})

test('a long line is cut at 10,000 bytes in the log', async () => {
  const name = await detach('long-line', '25000')
  const lines = (await log(name, OVER)).filter((line) => line.startsWith('app[') && !line.endsWith(' ready'))
  assert.deepEqual(
    lines.map((line) => line.length - `app[${name}]: `.length),
    [10_000, 10_000, 5000],
  )
})

test('logs shows 100 lines unless told, -n counts them, -p and -s choose', async () => {
  const name = await detach('chatty', '300')
  await log(name, OVER)
  const lines = async (...flags: string[]) => unstamped((await dyno(sandbox, ['logs', ...flags])).stdout)
  assert.equal((await lines()).length, 100)
  assert.deepEqual(await lines('-n', '2', '-p', name, '-s', 'app'), [
    `app[${name}]: line 299`,
    `app[${name}]: line 300`,
  ])
  assert.deepEqual(await lines('-n', '1', '-s', 'heroku'), [
    `heroku[${name}]: State changed from up to complete`,
  ])
  assert.ok((await lines('-p', 'run', '-n', '5000')).every((line) => /\[run\.\d+\]/.test(line)))
  assert.deepEqual(await lines('-n', '0'), [])
  assert.deepEqual(await lines('-p', 'run.99'), [])
  const bad = await dyno(sandbox, ['logs', '-n', 'many'])
  assert.deepEqual([bad.stderr, bad.status], [" !    -n takes a number of lines, not 'many'.\n", 2])
})

test('logs -t shows a new line at once, of that dyno only, and ends with Ctrl-C', async () => {
  const person = sitDown(sandbox, ['logs', '-t', '-n', '1', '-p', 'run'])
  await person.sees(' to complete\n')
  const name = await detach('echo hello; sleep 98804')
  await person.sees(`app[${name}]: hello\n`)
  await until(
    () => sleepers(98804).length === 1,
    () => 'it does not sleep',
  )
  person.type('\x03')
  assert.ok([0, 130].includes(await person.status))
  await dyno(sandbox, ['ps:stop', name])
})

test('after the manifold has ended the log is there, and names go on counting', async () => {
  const before = await detach('echo', 'kept')
  await log(before, OVER)
  await quiet(sandbox.folder)
  assert.match((await dyno(sandbox, ['logs', '-p', before])).stdout, /: kept\n/)
  assert.equal((await dyno(sandbox, ['ps'])).stdout, 'No dynos on app\n')
  const gone = await dyno(sandbox, ['ps:stop', before])
  assert.equal(gone.stderr, ` !    Couldn't find that dyno: there is no ${before}. No dyno runs.\n`)
  await quiet(sandbox.folder)
  assert.equal(await detach('true'), `run.${Number(before.slice(4)) + 1}`)
})

test('run:detached outlives the terminal it was typed in', async () => {
  const script = '"$0" run:detached sleep 98808; echo typed'
  const person = sitDown(sandbox, ['-c', `${script}; read`, BIN], { file: '/bin/bash' })
  const [, name] = await person.sees(/up, (run\.\d+)\n/)
  await person.sees('typed\n')
  person.hangUp()
  await person.status
  await log(name!, 'starting to up')
  assert.equal(sleepers(98808).length, 1)
  assert.equal((await dyno(sandbox, ['ps:stop', name!])).status, 0)
})

test('run:detached --tail shows the log of its dyno, as long as somebody reads', async (t) => {
  const other = openSandbox('misbehaving')
  t.after(other.close)
  const tail = startDyno(other, ['run:detached', '-t', '--no-launcher', 'echo said; exec sleep 98808'])
  assert.match(await reads(tail, ': said\n'), /^Running .*\.\.\. up, run\.1\n(\S+ \w+\[run\.1\]: .*\n)+$/)
  tail.kill('SIGINT')
  await ended(tail)
  assert.equal(sleepers(98808).length, 1)
  await dyno(other, ['ps:stop', 'run.1'])
})
