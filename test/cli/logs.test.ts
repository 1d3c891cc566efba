import assert from 'node:assert/strict'
import { appendFileSync, readdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { BIN, dyno, openSandbox, type Sandbox, script, sitDown, startDyno } from '../harness.ts'

const SECOND = Date.UTC(2026, 10, 23, 22, 59, 0)
const stampOf = (second: number) => `${new Date(SECOND + second * 1000).toISOString().slice(0, -1)}000+00:00`

let sandbox: Sandbox
let file = ''
before(async () => {
  sandbox = openSandbox({ Procfile: 'web: true\n' })
  await dyno(sandbox, ['logs']) // makes the folder
  const [app] = readdirSync(`${sandbox.folder}/state/dyno`)
  file = `${sandbox.folder}/state/dyno/${app}/logs/from-1.log`
  appendFileSync(file, LINES.map((line, i) => `${stampOf(i)} ${line}\n`).join(''))
})
after(() => sandbox.close())

// One a second: 40 of a web dyno, with a worker's and the system's between them, and 200 of the router in the end.
const LINES = [
  ...Array.from({ length: 40 }, (_, i) =>
    i % 10 === 9
      ? 'app[worker.1]: work'
      : i === 20
        ? 'heroku[web.1]: State changed from up to up'
        : `app[web.${(i % 2) + 1}]: ${i}`,
  ),
  ...Array.from({ length: 200 }, (_, i) => `heroku[router]: at=info ${i}`),
]

async function lines(...flags: string[]): Promise<string[]> {
  const { stdout, stderr, status } = await dyno(sandbox, ['logs', ...flags])
  assert.deepEqual([stderr, status], ['', 0])
  const shown = stdout.split('\n').slice(0, -1)
  return shown.map((line) => line.slice(33))
}

test('logs shows the last 100 lines, or as many as -n says', async () => {
  assert.deepEqual(await lines(), LINES.slice(-100))
  assert.deepEqual(await lines('-n', '100000'), LINES)
  assert.deepEqual(await lines('-n', '0'), [])
})

const CHOICES: readonly (readonly [flags: string[], choose: (line: string) => boolean, count: number])[] = [
  [['-p', 'web'], (line) => line.includes('[web.'), 100],
  [['--dyno', 'web.1', '-n', '3'], (line) => line.includes('[web.1]'), 3],
  [['--dyno-name', 'web.1', '-n', '3'], (line) => line.includes('[web.1]'), 3],
  [['--process-type', 'web', '-n', '3'], (line) => line.includes('[web.'), 3],
  [['-s', 'heroku', '-p', 'web'], (line) => line.startsWith('heroku[web.'), 100],
  [['-s', 'app', '-n', '5'], (line) => line.startsWith('app['), 5],
]

for (const [flags, choose, count] of CHOICES) {
  test(`logs ${flags.join(' ')} counts the lines that it shows`, async () => {
    assert.deepEqual(await lines(...flags), LINES.filter(choose).slice(-count))
  })
}

test("logs --heroku-order counts first and chooses then, as Heroku's", async () => {
  assert.deepEqual(await lines('--heroku-order', '-p', 'web.1'), [])
  const chosen = LINES.slice(-210).filter((line) => line.includes('[web.'))
  assert.deepEqual(await lines('--heroku-order', '-p', 'web', '-n', '210'), chosen)
})

test('logs --since shows all lines since then, or the last -n of them', async () => {
  assert.deepEqual(await lines('--since', '2026-11-23T22:59:30Z'), LINES.slice(30))
  assert.deepEqual(await lines('--since', '2026-11-23T23:59:30+01:00', '-p', 'worker'), [
    'app[worker.1]: work',
  ])
  assert.deepEqual(await lines('--since', '2026-11-23T22:59:30Z', '-n', '1'), LINES.slice(-1))
  assert.deepEqual(await lines('--since', '2099-01-01'), [])
})

test('logs --json is an object per line', async () => {
  const [line] = await script(sandbox, '"$BIN" logs --json -p worker -n 1').then(({ stdout }) =>
    stdout.split('\n'),
  )
  assert.deepEqual(JSON.parse(line!), { time: stampOf(39), source: 'app', dyno: 'worker.1', message: 'work' })
})

const WRONG: readonly (readonly [flags: string[], says: string])[] = [
  [['-n', 'many'], "-n takes a number of lines, not 'many'."],
  [['-n', '-1'], "-n takes a number of lines, not '-1'."],
  [['-s', 'web'], "-s takes 'app' or 'heroku', not 'web'."],
  [['-p', 'web 1'], "-p takes a dyno or a process type, such as web.1 or web, not 'web 1'."],
  [['--since', 'noon'], "--since takes a time such as 10m, 2h or 2026-11-23T22:59:42Z, not 'noon'."],
]

for (const [flags, says] of WRONG) {
  test(`logs ${flags.join(' ')} is refused in one sentence`, async () => {
    const { stdout, stderr, status } = await dyno(sandbox, ['logs', ...flags])
    assert.deepEqual([stdout, stderr, status], ['', ` !    ${says}\n`, 2])
  })
}

test('logs into head ends with it', async () => {
  const { stdout, status } = await script(sandbox, '"$BIN" logs -n 100000 | head -n 2')
  assert.equal(stdout.split('\n').length, 3)
  assert.equal(status, 0)
})

test('logs onto a full disk says so, and status 1', async () => {
  for (const flags of ['-n 1', '-n 100000', '-t']) {
    const { stderr, status } = await script(sandbox, `"$BIN" logs ${flags} >/dev/full`)
    assert.deepEqual([stderr, status], [' !    What is said here cannot be written (ENOSPC).\n', 1])
  }
})

const ESC = '\u001b'
const RUDE = `${stampOf(300)} app[rude.1]: ${ESC}[2J${ESC}]0;title\u0007${ESC}[?1049h${ESC}[31m  red\u00a0\u0007`

test('into a pipe every byte goes, and nothing is added', async () => {
  appendFileSync(file, `${RUDE}\n`)
  const torn = Buffer.concat([Buffer.from(`${stampOf(301)} app[rude.1]: `), Buffer.from([0xff, 0x00, 0x0a])])
  appendFileSync(file, torn)
  for (const flags of [
    ['-n', '2'],
    ['-p', 'rude'],
  ]) {
    const { bytes } = await dyno(sandbox, ['logs', ...flags])
    assert.deepEqual(bytes, Buffer.concat([Buffer.from(`${RUDE}\n`), torn]))
  }
})

/** What a terminal gets to see of a line, its line end included. */
async function onTerminal(flags: string[], env: Record<string, string> = {}): Promise<string> {
  const { HEROKU_LOGS_COLOR: _, NO_COLOR: __, ...rest } = sandbox.env
  const quoted = ['logs', ...flags].map((word) => `'${word}'`).join(' ')
  const other = { ...sandbox, env: { ...rest, TERM: 'xterm', ...env } }
  return (await script(other, `script -qec "$BIN ${quoted}" /dev/null < /dev/null`)).stdout
}

test('on a terminal only text and colours come through, and those are closed', async () => {
  const line = `${stampOf(300)} app[rude.1]: ${ESC}[31m  red\u00a0${ESC}[0m\r\n`
  assert.ok((await onTerminal(['-p', 'rude', '--no-color'])).startsWith(line))
  assert.ok((await onTerminal(['-p', 'rude'], { NO_COLOR: '1' })).startsWith(line))
  assert.ok((await onTerminal(['-p', 'rude'], { HEROKU_LOGS_COLOR: '0' })).startsWith(line))
})

test('on a terminal each process type has its colour', async () => {
  const shown = await onTerminal(['-p', 'web', '-n', '1'])
  assert.equal(shown, `${ESC}[36m${stampOf(38)} app[web.1]:${ESC}[39m 38\r\n`)
})

test('with FORCE_COLOR it has it in a pipe too, unless something else says no', async () => {
  const piped = async (env: Record<string, string>) => {
    const { stdout } = await dyno({ ...sandbox, env: { ...sandbox.env, ...env } }, [
      'logs',
      '-p',
      'web',
      '-n',
      '1',
    ])
    return stdout.includes(ESC)
  }
  assert.deepEqual(
    await Promise.all(
      [{ FORCE_COLOR: '1' }, { FORCE_COLOR: '0' }, { FORCE_COLOR: '1', NO_COLOR: '1' }].map(piped),
    ),
    [true, false, false],
  )
  assert.doesNotMatch(await onTerminal(['-p', 'web', '-n', '1'], { FORCE_COLOR: '0' }), /\[36m/)
})

test('a prompt is seen before it is answered, and is one line of the log in the end', async () => {
  const one = openSandbox('misbehaving')
  try {
    const person = sitDown(one, ['logs', '-t', '-p', 'run'])
    const ask = "printf 'Password: '; until [ -e /tmp/answer ]; do sleep 0.05; done; echo done"
    await dyno(one, [
      'run:detached',
      `echo before; (${ask.replace('/tmp/answer', '/app/answer')}) & sleep 1; touch answer; wait`,
    ])
    await person.sees('app[run.1]: before\n')
    await person.sees(/app\[run\.1\]: Password: $/)
    await person.sees('app[run.1]: Password: done\n')
    await person.sees('State changed from up to complete\n')
    person.type('\x03')
    await person.status
    const { stdout } = await dyno(one, ['logs', '-p', 'run', '-s', 'app'])
    assert.deepEqual(
      stdout.split('\n').map((line) => line.slice(33)),
      ['app[run.1]: before', 'app[run.1]: Password: done', ''],
    )
  } finally {
    await one.close()
  }
})

test('a prompt is one row with tabs in it too, and none where it may not be drawn over', async () => {
  const one = openSandbox('misbehaving')
  try {
    const drawn = sitDown(one, ['logs', '-t', '-p', 'run'], { columns: 80 })
    const plain = ['TERM=dumb', 'CI=1'].map((variable) =>
      sitDown(one, ['-c', `${variable} exec "$0" logs -t -p run`, BIN], { file: '/bin/bash' }),
    )
    await dyno(one, ['run:detached', "echo before; printf '\\t\\t\\t\\t\\t\\t\\tpass> '; sleep 3; echo done"])
    await drawn.sees('app[run.1]: before\n')
    await drawn.sees(/app\[run\.1\]: {8}pass> $/)
    for (const person of [drawn, ...plain]) {
      await person.sees('app[run.1]: \t\t\t\t\t\t\tpass> done\n')
      await person.sees('State changed from up to complete\n')
      person.type('\x03')
      await person.status
    }
    for (const person of plain) assert.ok(!person.raw().includes(`${ESC}[2K`))
  } finally {
    await one.close()
  }
})

test('output is in the log as it was: progress bars in their last state, characters whole, blank lines, tails', async () => {
  const one = openSandbox('misbehaving')
  const said = async (name: string): Promise<string[]> => {
    const { stdout } = await dyno(one, ['logs', '-p', name, '-s', 'app', '-n', '999999'])
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(line.indexOf(']: ') + 3))
  }
  const PROGRAMS: readonly (readonly [words: string[], said: readonly string[]])[] = [
    [['progress'], ['progress 100%', 'ready']],
    [
      ['unicode', '0.02'],
      ['café', '€uro', '😀 smile', '漢字', 'AAABBB', 'ready'],
    ],
    [['printf "a\\n\\n\\nTAIL"'], ['a', '', '', 'TAIL']],
    [['chatty', '200000'], Array.from({ length: 200_000 }, (_, i) => `line ${i + 1}`)],
  ]
  try {
    for (const [i, [words, expected]] of PROGRAMS.entries()) {
      const tail = startDyno(one, ['logs', '-t', '-p', `run.${i + 1}`, '-s', 'heroku'])
      const over = new Promise<void>((resolve) => {
        let text = ''
        tail.stdout!.on('data', (chunk) => {
          text += chunk
          if (text.includes('to complete')) resolve()
        })
      })
      await dyno(one, ['run:detached', ...words])
      await over
      tail.kill()
      assert.deepEqual(await said(`run.${i + 1}`), expected)
    }
  } finally {
    await one.close()
  }
})
