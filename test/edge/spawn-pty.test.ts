import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '../../src/core/exit.ts'
import { spawnPty } from '../../src/edge/spawn-pty.ts'
import { FIXTURES, until } from '../harness.ts'
import { bare, length, watch } from './children.ts'

const SIZE = { columns: 80, rows: 24 }
const start = (line: string) => watch((events) => spawnPty(bare('bash', '-c', line), SIZE, events))

for (const size of [4096, 61_440, 1 << 20]) {
  test(`nothing of ${size} bytes is lost when the program ends while we pause`, async () => {
    const rounds = Array.from({ length: 4 }, async () => {
      const { child, text, exits, exit } = start(`head -c ${size} /dev/zero | tr '\\0' x; exit 3`)
      child.pause()
      await sleep(700)
      assert.deepEqual([length(text.stdout), exits.length], [0, 0])
      child.resume()
      assert.deepEqual(await exit(), { how: 'code', code: 3 })
      assert.equal(length(text.stdout), size)
    })
    await Promise.all(rounds)
  })
}

test('nothing is lost when the program ends and we are too busy to read in time', async () => {
  const busy = (milliseconds: number) => {
    for (const until = performance.now() + milliseconds; performance.now() < until; );
  }
  const line = 'head -c 50000 /dev/zero | tr "\\0" x; exit 3'
  let [received, exited] = [0, undefined as Exit | undefined]
  spawnPty(bare('bash', '-c', line), SIZE, {
    output(_, { length }) {
      received += length
      busy(100)
    },
    drained() {},
    left() {},
    exited: (exit) => (exited = exit),
  })
  busy(500)
  await until(
    () => exited !== undefined,
    () => 'it never ended',
  )
  assert.deepEqual([exited, received], [{ how: 'code', code: 3 }, 50_000])
})

test('a reader that pauses again and again gets every byte, in order', async () => {
  const { child, text, exits, exit } = start('seq 1 60000')
  while (exits.length === 0) {
    child.pause()
    await sleep(3)
    child.resume()
    await sleep(1)
  }
  await exit()
  const lines = Buffer.concat(text.stdout).toString().split('\r\n')
  assert.equal(lines.length, 60_001)
  assert.ok(lines.slice(0, -1).every((line, i) => line === String(i + 1)))
})

test('10 MB arrive in full', async () => {
  const { text, exit } = start("head -c 10000000 /dev/zero | tr '\\0' x")
  await exit()
  assert.equal(length(text.stdout), 10_000_000)
})

test('every byte of the output arrives as it is', async () => {
  const { text, exit } = start(`stty raw; for i in {0..255}; do printf "\\\\x$(printf %x $i)"; done`)
  await exit()
  assert.deepEqual(Buffer.concat(text.stdout), Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
})

test('input for a program that does not read asks for a pause, and costs nothing', async () => {
  const reader = watch((events) => spawnPty(bare(`${FIXTURES}/misbehaving/bin/reads-nothing`), SIZE, events))
  await reader.says('ready')
  assert.equal(reader.child.write(Buffer.alloc(200_000, 'x')), false)
  const before = process.cpuUsage()
  await sleep(500)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 250_000, `${user + system} µs of 500,000`)
  assert.equal(reader.drained, 0)
  process.kill(-reader.child.pid, 'SIGKILL')
  assert.deepEqual(await reader.exit(), { how: 'signal', signal: 9 })
  assert.equal(reader.child.write(Buffer.from('x')), true)
})

test('input that waited arrives whole and in order, and the end of the wait is told', async () => {
  const reader = start('stty raw -echo; echo ready; sleep 0.3; head -c 300000 | md5sum')
  await reader.says('ready')
  const input = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
  const answers = []
  for (let at = 0; at < input.length; at += 10_000) {
    answers.push(reader.child.write(input.subarray(at, at + 10_000)))
  }
  assert.deepEqual([answers[0], answers.at(-1)], [true, false])
  await reader.exit()
  const { createHash } = await import('node:crypto')
  assert.ok(Buffer.concat(reader.text.stdout).includes(createHash('md5').update(input).digest('hex')))
  assert.ok(reader.drained >= 1)
})

test('a program learns of its size and of every resize', async () => {
  const { child, says } = start('trap "stty size" WINCH; stty size; while :; do sleep 0.05; done')
  await says('24 80')
  child.resize({ columns: 132, rows: 50 })
  await says('50 132')
  process.kill(-child.pid, 'SIGKILL')
})

test('erasing takes back whole characters', async () => {
  const { child, says, exit, text } = start('echo ready; read x; printf "%s" "$x" | od -An -tx1')
  await says('ready')
  child.write(Buffer.from('aé\x7fb\r'))
  await exit()
  assert.match(Buffer.concat(text.stdout).toString(), / 61 62\r\n$/)
})

test('the end of the input is the end of a file', async () => {
  const { child, exit } = start('cat; exit 6')
  child.end()
  assert.deepEqual(await exit(), { how: 'code', code: 6 })
})

test('a program can let go of its terminal, and typing and resizing harm nobody then', async () => {
  const { child, exit, says, exits } = start(`trap '' HUP; echo ready; exec <&- >&- 2>&-; sleep 1; exit 7`)
  await says('ready')
  const { openSync, closeSync, readFileSync, rmSync } = await import('node:fs')
  const path = `/tmp/dyno-t-${process.pid}`
  const files = Array.from({ length: 40 }, () => 0)
  await sleep(300)
  for (const i of files.keys()) files[i] = openSync(path, 'w+') // one of them has the terminal's old number
  child.write(Buffer.from('typed'))
  child.resize({ columns: 9, rows: 9 })
  assert.equal(exits.length, 0)
  assert.equal(readFileSync(path, 'utf8'), '')
  for (const file of files) closeSync(file)
  rmSync(path)
  assert.deepEqual(await exit(), { how: 'code', code: 7 })
})

test('a program that is killed ends with the signal', async () => {
  const { exit, exits } = start('kill -SEGV $$')
  assert.deepEqual(await exit(), { how: 'signal', signal: 11 })
  await until(
    () => exits.length === 1,
    () => `${exits.length} exits`,
  )
})
