import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { logOf, openMisfits, startFormation, testApp, unstamped } from '../formation.ts'
import { dyno, ended, reads, sitDown, startDyno } from '../harness.ts'

const STAY = '; exec sleep 1000'
const app = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.startsWith(`app[${name}]`)).map((line) => line.slice(`app[${name}]: `.length))

for (const flags of [[], ['--no-tty']]) {
  const way = flags.length === 0 ? 'on a terminal each' : 'on pipes'
  describe(`the output of dynos ${way}`, () => {
    const types = {
      partial: `bin/partial 0.3${STAY}`,
      unicode: `bin/unicode 0.05${STAY}`,
      progress: `bin/progress 3${STAY}`,
      blank: `printf 'one\\n\\n\\ntwo\\n  indented\\n'${STAY}`,
      wide: `bin/long-line 25000${STAY}`,
      quits: 'bin/chatty 20000',
    }
    testApp(
      'is in the log whole: prompts, blank lines, characters in pieces, last lines',
      types,
      async (sandbox) => {
        const start = startFormation(sandbox, [...flags, '--backoff', '1000'])
        await start.says('AAABBB')
        await start.says('done')
        await start.says(/progress 100%/)
        await start.says('heroku[quits.1]: State changed from up to crashed', 2)
        await start.says('indented')
        await dyno(sandbox, ['down'])
        await start.ended
        const lines = await logOf(sandbox)
        assert.deepEqual(app(lines, 'partial.1'), ['Password: done', 'last line without newline'])
        assert.deepEqual(app(lines, 'unicode.1'), ['café', '€uro', '😀 smile', '漢字', 'AAABBB', 'ready'])
        assert.deepEqual(app(lines, 'progress.1'), ['progress 100%', 'ready'])
        assert.deepEqual(app(lines, 'blank.1'), ['one', '', '', 'two', '  indented'])
        const wide = app(lines, 'wide.1').filter((line) => line.startsWith('x'))
        assert.deepEqual(
          wide.map((line) => line.length),
          [10_000, 10_000, 5000],
        )
        const numbers = Array.from({ length: 20_000 }, (_, i) => `line ${i + 1}`)
        assert.deepEqual(app(lines, 'quits.1'), [...numbers, ...numbers])
      },
    )
  })
}

testApp(
  'what is shown is what is in the log, to the last line of a dyno that ends at once',
  { quits: 'bin/chatty 100000' },
  async (sandbox) => {
    const start = startFormation(sandbox, ['--no-tty', '--exit-on-crash'])
    assert.deepEqual(await start.ended, [0, null])
    assert.equal(app(start.lines(), 'quits.1').length, 100_000)
    assert.deepEqual(start.lines(), (await logOf(sandbox)).slice(-start.lines().length))
  },
)

testApp(
  'a dyno has a terminal of 80×24 where there is none to take the size of, and pipes with --no-tty',
  { tty: `bin/tty${STAY}`, eof: `bin/eof & wait${STAY}` },
  async (sandbox) => {
    const start = startFormation(sandbox, ['tty'])
    await start.says('LINES')
    assert.deepEqual(app(start.lines(), 'tty.1').slice(0, 4), [
      'stdin terminal',
      'stdout terminal',
      'stderr terminal',
      'size 24 80',
    ])
    await dyno(sandbox, ['down'])
    const piped = startFormation(sandbox, ['--no-tty', 'tty', 'eof'])
    await piped.says('LINES')
    assert.deepEqual(app(piped.lines(), 'tty.1').slice(0, 4), [
      'stdin other',
      'stdout other',
      'stderr other',
      'size none',
    ])
    await dyno(sandbox, ['down'])
    await piped.ended
  },
)

testApp(
  'a dyno whose output is closed lives on until it exits, and one on a prompt holds up no other',
  { closes: 'bin/closes-stdout 0.3 7', prompts: `bin/partial 1000`, chats: `bin/chatty 2000${STAY}` },
  async (sandbox) => {
    const start = startFormation(sandbox, ['--backoff', '1000'])
    await start.says('app[chats.1]: line 2000\n')
    await start.says('heroku[closes.1]: Process exited with status 7')
    start.child.kill('SIGINT')
    assert.deepEqual(await start.ended, [7, null])
    assert.deepEqual(app(await logOf(sandbox), 'prompts.1'), ['Password: '])
  },
)

test('on a terminal the dynos have its size, and none of them clears it, moves in it, renames it or colours it', async () => {
  const sandbox = openMisfits({ clears: `bin/clears${STAY}`, tty: `bin/tty${STAY}` })
  const person = sitDown(sandbox, ['start'], { columns: 132, rows: 43 })
  await person.sees(/app\[tty\.1\]: size 43 132\n/)
  await person.sees(/app\[clears\.1\]: ready\n/)
  person.type('\x03')
  assert.equal(await person.status, 130)
  const raw = person.raw()
  for (const wrong of [
    '\x1b[2J',
    '\x1b[H',
    '\x1b[?1049h',
    'stolen',
    '\x1b[?25l',
    '\x1b[5;20H',
    '\x1b[6n',
    '\x1bc',
  ]) {
    assert.ok(!raw.includes(wrong), JSON.stringify(wrong))
  }
  assert.ok(
    ['\x1b[0m', '\x1b[m'].some((end) => raw.includes(`\x1b[31mred and left open${end}`)),
    raw,
  )
  await sandbox.close()
})

testApp(
  'attach shows a dyno’s bytes whole and types into it, from two terminals, while the log keeps filling',
  { shell: 'exec bash --norc -i', worker: `echo up${STAY}` },
  async (sandbox) => {
    const start = startFormation(sandbox, [])
    await start.says('heroku[shell.1]: State changed from starting to up')
    const [one, two] = [sitDown(sandbox, ['attach', 'shell.1']), sitDown(sandbox, ['attach', 'shell.1'])]
    for (const person of [one, two]) await person.sees('Attached to shell.1. Ctrl-] leaves it running.\n')
    one.type('printf "\\033[2Jwhole\\n"\r')
    for (const person of [one, two]) await person.sees(/whole\n/)
    assert.ok(two.raw().includes('\x1b[2Jwhole'))
    await start.says(/app\[shell\.1\]: .*whole/)
    one.type('\x1d')
    assert.equal(await one.status, 0)
    two.type('echo still $DYNO\r')
    await two.sees('still shell.1\n')
    await dyno(sandbox, ['restart', 'shell.1'])
    await two.sees('Left shell.1.')
    await two.status
    const piped = startDyno(sandbox, ['attach', 'worker.1'])
    await reads(piped, 'Attached to worker.1', 'stderr')
    piped.kill('SIGINT')
    assert.equal((await ended(piped))[0], 130)
    assert.ok(
      unstamped((await dyno(sandbox, ['logs', '-p', 'worker.1'])).stdout).every(
        (line) => !/exited/.test(line),
      ),
    )
    await dyno(sandbox, ['down'])
    await start.ended
  },
)
