import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { nobodySleeps } from '../harness.ts'
import { answers, eventually, listen, missing, type Official, openOfficial } from './official.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=0', 'worker=1', 'greet=0'] })
})
after(() => here.close())

/** What a `run` of this says on standard error, off a terminal: the CLI forgets one line's end. */
const banner = (command: string, more = '') => {
  const running = `Running ${command.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} on app\\.\\.\\.`
  return new RegExp(
    `^${running} starting, (run\\.\\d+)\\n${running} connecting, \\1${running} up, \\1\\n${more}$`,
  )
}

describe('run', () => {
  const runs: [
    title: string,
    words: string[],
    input: string | undefined,
    command: string,
    stdout: string | RegExp,
  ][] = [
    ['a word', ['echo', 'hi'], undefined, 'echo hi', 'hi\n'],
    ['one argument as it is', ['echo $DYNO | cut -c1-4'], undefined, 'echo $DYNO | cut -c1-4', 'run.\n'],
    ['-e', ['-e', 'A=1;B=x y', '--', 'echo $A-$B-$COLOUR'], undefined, 'echo $A-$B-$COLOUR', '1-x y-red\n'],
    [
      '-s and --type',
      ['--size', 'standard-2x', '--type', 'worker', 'echo big'],
      undefined,
      'echo big',
      'big\n',
    ],
    ['a process type with more words', ['greet', 'you'], undefined, 'greet you', 'hello you\n'],
    [
      '--no-tty with input to its end',
      ['--no-tty', 'cat; echo over'],
      'a\nb\n',
      'cat; echo over',
      'a\nb\nover\n',
    ],
    ['an input that is at its end', ['--no-tty', 'wc -c'], '', 'wc -c', /^\s*0\n$/],
    ['what fails, with status 0', ['exit 4'], undefined, 'exit 4', ''],
  ]
  for (const [title, words, input, command, stdout] of runs) {
    test(`run takes ${title}`, async () => {
      answers(await here.heroku(['run', ...words], input === undefined ? {} : { input }), {
        stdout,
        stderr: banner(command),
      })
    })
  }

  test('run joins several arguments, and puts those with a space or a quote into quotes', async () => {
    const ran = await here.heroku(['run', '--', 'printf', '%s,', 'a b', 'say "x"', '$COLOUR'])
    answers(ran, {
      stdout: 'a b,say "x",red,',
      stderr: banner(String.raw`printf %s, "a b" "say \"x\"" $COLOUR`),
    })
  })

  test('without --no-tty there is a terminal, which echoes', async () => {
    const ran = await here.heroku(['run', 'head -1; tty >/dev/null && echo terminal'], { input: 'a\n' })
    answers(ran, { stdout: /^a\na\nterminal\n$/, stderr: /up, run\.\d+\n$/ })
  })

  test('much output arrives whole', async () => {
    const ran = await here.heroku(['run', '--no-tty', 'seq 100000'])
    const wanted = `${Array.from({ length: 100_000 }, (_, index) => index + 1).join('\n')}\n`
    assert.equal(ran.stdout.length, wanted.length)
    answers(ran, { stdout: wanted, stderr: banner('seq 100000') })
  })

  test('run -x passes the status on, and hides how', async () => {
    const [zero, four, unknown, type] = await Promise.all([
      here.heroku(['run', '-x', 'echo', 'fine']),
      here.heroku(['run', '--exit-code', '--', 'echo out; (exit 4)']),
      here.heroku(['run', '-x', '--no-tty', 'nonesuch']),
      here.heroku(['run', '-x', 'greet']),
    ])
    answers(zero!, { stdout: 'fine\n', stderr: banner('echo fine') })
    const exited = (code: number) => ` ›   Error: Process exited with code ${code}\\n`
    answers(four!, { stdout: 'out\n', stderr: banner('echo out; (exit 4)', exited(4)), status: 4 })
    answers(unknown!, {
      stdout: /nonesuch: command not found\n$/,
      stderr: banner('nonesuch', exited(127)),
      status: 127,
    })
    answers(type!, { stdout: 'hello\n', stderr: banner('greet') })
  })

  test('a bad -e is warned of, and a size that is none is refused', async () => {
    answers(await here.heroku(['run', '-e', 'bad', 'echo on']), {
      stdout: 'on\n',
      stderr: /^ › {3}Warning: env flag bad appears invalid\. Avoid using ';' in values\.\nRunning /,
    })
    const ran = await here.heroku(['run', '-s', 'enormous', 'true'])
    answers(ran, { stderr: /^ › {3}Error: .+\n ›\n › {3}Error ID: invalid_params\n$/, status: 2 })
  })

  test('a client that is interrupted hangs up, and the one-off ends', async () => {
    const child = here.start(['run', '--no-tty', 'echo begun; exec sleep 98874'])
    const heard = listen(child)
    await heard.says('begun\n')
    child.kill('SIGINT')
    assert.deepEqual(await heard.ended, [0, null], heard.stderr())
    await nobodySleeps(98874)
  })

  test('run:detached answers at once, and its output is in the logs', async () => {
    const ran = await here.heroku(['run:detached', 'echo $((40+2)) detached'])
    const name = /done, (run\.\d+)\n$/.exec(ran.stderr)?.[1]
    answers(ran, {
      stdout: `Run heroku logs --app app --dyno ${name} to view the output.\n\n`,
      stderr: `Running echo $((40+2)) detached on app... done, ${name}\n`,
    })
    const line = new RegExp(`^\\S+ app\\[${name!.replace('.', '\\.')}\\]: 42 detached$`, 'm')
    const logs = await eventually(
      () => here.heroku(['logs', '--dyno', name!]),
      ({ stdout }) => line.test(stdout),
    )
    answers(logs, { stdout: line })
  })

  test('run:detached -t shows its lines as they come', async (t) => {
    const child = here.start(['run:detached', '-t', 'echo $((40+3)) followed; sleep 98875'])
    t.after(() => child.kill('SIGKILL'))
    const stdout = await listen(child).says(/app\[run\.\d+\]: 43 followed\n/)
    child.kill('SIGKILL')
    const name = /app\[(run\.\d+)\]/.exec(stdout)![1]!
    answers(await here.heroku(['ps:stop', '-d', name]), { stderr: `Stopping dyno ${name} on app... done\n` })
    await nobodySleeps(98875)
  })

  test('run:inside runs beside the processes of a dyno', async () => {
    const ran = await here.heroku([
      'run:inside',
      'worker.1',
      '--',
      'echo in $DYNO; pgrep -f "sleep 9887[1]" | wc -l',
    ])
    answers(ran, { stdout: /^in worker\.1\n\s*1\n$/, stderr: /^Running .+ up, worker\.1\n$/ms })
    answers(await here.heroku(['run:inside', '-x', 'worker.1', '--', '(exit 7)']), {
      stderr: /up, worker\.1\n/,
      status: 7,
    })
    answers(await here.heroku(['run:inside', 'worker.9', 'true']), {
      stderr: missing("Couldn't find that dyno"),
      status: 2,
    })
  })
})
