import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { startFormation, testApp } from '../formation.ts'
import { dyno, sitDown, until } from '../harness.ts'

/** Stays, so that nothing is said twice. */
const stay = (command: string) => `${command}; exec sleep 98880`

const PROGRAMS = {
  partial: stay('bin/partial 0.2'),
  progress: stay('bin/progress'),
  unicode: stay('bin/unicode 0.02'),
  both: stay('bin/both 50'),
  blank: stay('printf "a\\n\\n  indented\\n"'),
  wide: stay('bin/long-line 25000'),
  tty: stay('bin/tty'),
  eof: 'bin/eof',
  clears: stay('bin/clears'),
}

const ESC = '\x1b'
const BOTH = Array.from({ length: 50 }, (_, i) => [`out ${i + 1}`, `err ${i + 1}`]).flat()
const SAID = {
  partial: ['Password: done', 'last line without newline'],
  progress: ['progress 100%', 'ready'],
  unicode: ['café', '€uro', '😀 smile', '漢字', 'AAABBB', 'ready'],
  blank: ['a', '', '  indented'],
  wide: ['x'.repeat(10_000), 'x'.repeat(10_000), 'x'.repeat(5000), 'ready'],
  eof: ['ready'], // nobody types, and the input never ends
}

const WAYS = [
  { way: 'terminals', flags: [], kind: 'terminal', size: '24 80' },
  { way: 'pipes', flags: ['--no-tty'], kind: 'other', size: 'none' },
]

describe('what dynos say is shown as it was said', { concurrency: 3 }, () => {
  for (const { way, flags, kind, size } of WAYS) {
    testApp(
      `on ${way}: whole lines, whole characters, progress in its last state, tails`,
      PROGRAMS,
      async (sandbox) => {
        const start = startFormation(sandbox, flags)
        const READY = ['progress', 'unicode', 'wide', 'eof', 'clears'].map((name) => `${name}.1]: ready\n`)
        for (const line of [...READY, 'Password: done\n', 'err 50\n', 'LINES unset\n', '  indented\n'])
          await start.says(line)
        start.child.kill('SIGTERM')
        assert.deepEqual(await start.ended, [143, null])
        const said = (name: string) =>
          start
            .lines(`${name}.1]`)
            .flatMap((line) => (line.startsWith('app') ? [line.slice(`app[${name}.1]: `.length)] : []))
        for (const [name, lines] of Object.entries(SAID)) assert.deepEqual(said(name), lines)
        const both = said('both')
        if (kind === 'terminal') assert.deepEqual(both, BOTH)
        else
          for (const stream of ['out', 'err']) {
            assert.deepEqual(
              both.filter((line) => line.startsWith(stream)),
              BOTH.filter((line) => line.startsWith(stream)),
            )
          }
        const [stdin, stdout, stderr, rowsAndColumns, , columns] = said('tty')
        assert.deepEqual(
          [stdin, stdout, stderr, rowsAndColumns, columns],
          [`stdin ${kind}`, `stdout ${kind}`, `stderr ${kind}`, `size ${size}`, 'COLUMNS unset'],
        )
        assert.ok(said('clears').includes(`${ESC}[2J${ESC}[H${ESC}[3Jcleared`)) // we are on a pipe ourselves
      },
    )

    const chatty = { chatty: 'bin/chatty 60000' }
    testApp(
      `on ${way}: 60,000 lines of a dyno that ends at once are all shown, in order`,
      chatty,
      async (sandbox) => {
        const start = startFormation(sandbox, ['--exit-on-crash', ...flags])
        assert.deepEqual(await start.ended, [0, null])
        const lines = start.lines('chatty.1]').filter((line) => line.startsWith('app'))
        assert.equal(lines.length, 60_000)
        assert.equal(
          lines.findIndex((line, i) => line !== `app[chatty.1]: line ${i + 1}`),
          -1,
        )
      },
    )
  }

  const closes = { closes: 'bin/closes-stdout 0.2 7' }
  testApp(
    'a dyno that closes its output lives until it ends, and its status is told',
    closes,
    async (sandbox) => {
      const start = startFormation(sandbox, ['--exit-on-crash'])
      assert.deepEqual(await start.ended, [7, null])
      const lines = start.lines('closes.1]')
      assert.ok(
        lines.includes('app[closes.1]: ready') &&
          lines.includes('heroku[closes.1]: Process exited with status 7'),
      )
    },
  )
})

const SHARED = {
  asks: 'printf "Password: "; exec sleep 98881',
  ticks: 'i=0; while sleep 0.1; do i=$((i+1)); echo "tick $i"; done',
  clears: stay('bin/clears'),
  tty: stay('bin/tty'),
}

for (const flags of [[], ['--no-tty']]) {
  const way = flags.length === 0 ? 'a terminal' : 'pipes'
  testApp(
    `on a shared terminal no dyno on ${way} takes it over, and a prompt holds nobody up`,
    SHARED,
    async (sandbox) => {
      await dyno(sandbox, ['run', 'true']) // where packing takes long, a bar of ours is seen
      const person = sitDown(sandbox, ['start', '--no-ui', ...flags], { columns: 97, rows: 31 })
      await person.sees('LINES unset\n')
      if (flags.length === 0) assert.match(person.screen(), /stdin terminal\n(.*\n)*.*\]: size 31 97\n/)
      else assert.match(person.screen(), /stdin other\n(.*\n)*.*\]: size none\n/)
      for (const wanted of [/asks\.1\]: Password: $/, /ticks\.1\]: tick \d+\n/, /asks\.1\]: Password: $/])
        await person.sees(wanted)
      await until(
        () => person.raw().includes(`${ESC}[31mred and left open${ESC}[0m`),
        () => 'its colour was never seen to end',
      )
      for (const sequence of ['[2J', '[H', '[?1049h', ']0;', '[?25h', '[6n', 'c', '(0'])
        assert.ok(!person.raw().includes(ESC + sequence), sequence)
      person.type('\x03')
      assert.equal(await person.status, 130)
    },
  )
}
