import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pipeMaker } from '../../src/edge/pipes/make-pipes.ts'
import { spawnPipe } from '../../src/edge/pipes/spawn-pipe.ts'
import { kill, sleepers, until } from '../harness.ts'
import { bare, length, watch } from './children.ts'

const folder = mkdtempSync(join(tmpdir(), 'dyno-p-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const makePipes = pipeMaker(folder).make

async function start(line: string) {
  const pipes = await makePipes()
  return watch((events) => spawnPipe(bare('sh', '-c', line), pipes, events))
}

test('a program can open /dev/stdout and /dev/stderr by name', async () => {
  const { child, text, exit } = await start('cat >/dev/stdout; echo err | tee /dev/stderr >/dev/null')
  child.write(Buffer.from('in and out'))
  child.end()
  assert.deepEqual(await exit(), { how: 'code', code: 0 })
  assert.equal(Buffer.concat(text.stdout).toString(), 'in and out')
  assert.equal(Buffer.concat(text.stderr).toString(), 'err\n')
})

test('a pipe that is in use has no name on disk', async () => {
  const before = new Set(readdirSync(folder))
  const { exit } = await start('ls -l /proc/self/fd/1')
  await exit()
  const after = readdirSync(folder)
  assert.ok(after.every((name) => before.has(name) || before.size < 2))
  assert.ok(after.length < Math.max(before.size, 32))
})

test('output and errors come apart', async () => {
  const { text, exit } = await start('echo out; echo err >&2; exit 3')
  assert.deepEqual(await exit(), { how: 'code', code: 3 })
  assert.equal(Buffer.concat(text.stdout).toString(), 'out\n')
  assert.equal(Buffer.concat(text.stderr).toString(), 'err\n')
})

test('every byte goes both ways as it is, and the end of the input is passed on', async () => {
  const { child, text, exit } = await start('cat')
  const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255))
  child.write(bytes)
  child.end()
  assert.deepEqual(await exit(), { how: 'code', code: 0 })
  assert.deepEqual(Buffer.concat(text.stdout), bytes)
})

test('300 MB go through cat in flat memory', async () => {
  const total = 300 * 1024 * 1024
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let received = 0
  let more = () => {}
  let over = false
  const child = spawnPipe(bare('cat'), await makePipes(), {
    output(_, part) {
      received += part.length
    },
    drained: () => more(),
    left() {},
    exited() {
      over = true
    },
  })
  const before = process.memoryUsage.rss()
  let most = 0
  for (let sent = 0; sent < total; sent += chunk.length) {
    if (!child.write(chunk)) {
      await new Promise<void>((resolve) => {
        more = resolve
      })
    }
    most = Math.max(most, process.memoryUsage.rss())
  }
  child.end()
  await until(
    () => over,
    () => 'cat never ended',
  )
  assert.equal(received, total)
  assert.ok(most - before < 100 * 1024 * 1024, `grew by ${most - before} bytes`)
})

test('a paused program is held back, and goes on', async () => {
  const { child, text, exit, exits } = await start('head -c 5000000 /dev/zero')
  child.pause()
  await sleep(200)
  assert.ok(length(text.stdout) < 1_000_000)
  assert.equal(exits.length, 0)
  child.resume()
  await exit()
  assert.equal(length(text.stdout), 5_000_000)
})

test('an abandoned program is over when all it wrote is read, whoever else holds its output', async () => {
  const { child, text, exit, exits } = await start('(sleep 98894 &); head -c 50000 /dev/zero')
  child.pause()
  await until(
    () => sleepers(98894).length === 1,
    () => 'it left nobody behind',
  )
  child.abandon()
  await sleep(200)
  assert.equal(exits.length, 0)
  child.resume()
  assert.deepEqual(await exit(), { how: 'code', code: 0 })
  assert.equal(length(text.stdout), 50_000)
  for (const pid of sleepers(98894)) kill(pid, 'SIGKILL')
})

test('an abandoned program’s output is read though it goes on just when we look whether something comes', async () => {
  const { child, text, exit } = await start('(sleep 98893 &); head -c 50000 /dev/zero')
  child.pause()
  await until(
    () => sleepers(98893).length === 1 && !existsSync(`/proc/${child.pid}`),
    () => 'it never left',
  )
  setTimeout(() => setImmediate(() => child.resume()), 50) // right before the first look, in the same turn
  child.abandon()
  await exit()
  for (const pid of sleepers(98893)) kill(pid, 'SIGKILL')
  assert.equal(length(text.stdout), 50_000)
})

test('what is written to a program that does not read asks for a pause; when it ends, the rest is dropped', async () => {
  const reader = await start('echo ready; read x; exec <&-; echo closed; sleep 0.2')
  await reader.says('ready')
  const answers = Array.from({ length: 20 }, () => reader.child.write(Buffer.alloc(100_000)))
  assert.equal(answers.at(-1), false)
  reader.child.write(Buffer.from('\n'))
  process.kill(-reader.child.pid, 'SIGTERM')
  assert.deepEqual(await reader.exit(), { how: 'signal', signal: 15 })
  assert.ok(reader.drained >= 1)
  assert.equal(reader.child.write(Buffer.from('late')), true)
  reader.child.end()
})

test('a program that is not there has one exit, which failed with a sentence', async () => {
  const pipes = await makePipes()
  const { exit, exits, child } = watch((events) => spawnPipe(bare('/no/such/program'), pipes, events))
  child.write(Buffer.from('x'))
  child.end()
  const ended = await exit()
  assert.equal(ended.how, 'failed')
  assert.match(
    ended.how === 'failed' ? ended.problem.message : '',
    /^The dyno could not be started: .*ENOENT/,
  )
  await sleep(50)
  assert.equal(exits.length, 1)
})

test('a program that is killed ends with the signal', async () => {
  assert.deepEqual(await (await start('kill -KILL $$')).exit(), { how: 'signal', signal: 9 })
})

test('a program that is refused leaves no descriptor open', async () => {
  const long = { ...bare('true'), environment: { LONG: 'x'.repeat(200_000) } }
  const descriptors = () => readdirSync('/proc/self/fd').length
  const refuse = async () => {
    const pipes = await makePipes()
    assert.throws(() => watch((events) => spawnPipe(long, pipes, events)), /E2BIG/)
  }
  await refuse()
  const before = descriptors()
  for (let tries = 0; tries < 3; tries++) await refuse()
  assert.equal(descriptors(), before)
})

test('where no more files can be opened that is said, and is no mistake of ours', () => {
  const from = (path: string) => new URL(`../../src/${path}`, import.meta.url)
  const program = `import { openSync, closeSync } from 'node:fs'
    import { pipeMaker } from '${from('edge/pipes/make-pipes.ts')}'
    import { spawnPipe } from '${from('edge/pipes/spawn-pipe.ts')}'
    const pipes = await pipeMaker('${mkdtempSync(`${folder}/`)}').make()
    const opened = []
    try { for (;;) opened.push(openSync('/dev/null')) } catch {}
    for (const descriptor of opened.slice(-2)) closeSync(descriptor)
    const walled = { argv: ['true'], environment: {}, cwd: '/' }
    try { spawnPipe(walled, pipes, {}) } catch ({ code, message }) { console.log(code, message) }`
  const line = 'ulimit -n 60; exec "$0" --input-type=module -e "$1"'
  const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, program])
  assert.match(String(stdout), /^walls .*too many files are open/, String(stderr))
})

test('where the last files that can be opened are too few for pipes, none stays open and no name on disk', () => {
  const program = `import { openSync, closeSync, readdirSync } from 'node:fs'
    import { pipeMaker } from '${new URL('../../src/edge/pipes/make-pipes.ts', import.meta.url)}'
    const folder = '${mkdtempSync(`${folder}/`)}'
    const maker = pipeMaker(folder)
    await maker.make()
    const counts = () => [readdirSync('/proc/self/fd').length, readdirSync(folder).length]
    const [before, names] = counts()
    for (let free = 0; free < 6; free++) {
      const opened = []
      try { for (;;) opened.push(openSync('/dev/null')) } catch {}
      for (const descriptor of opened.splice(0, free)) closeSync(descriptor)
      const error = await maker.make().catch(({ code }) => code)
      for (const descriptor of opened) closeSync(descriptor)
      console.log(error, counts()[0] - before, names - counts()[1])
    }`
  const line = 'ulimit -n 60; exec "$0" --input-type=module -e "$1"'
  const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, program])
  const expected = [2, 4, 6, 8, 10, 12].map((used) => `EMFILE 0 ${used}\n`).join('')
  assert.equal(String(stdout), expected, String(stderr))
})
