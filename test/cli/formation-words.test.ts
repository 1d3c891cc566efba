import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { type Formation, startFormation } from '../formation.ts'
import { dyno, openSandbox, type Sandbox, writeFiles } from '../harness.ts'

/** A dyno of any type says who it is and stays. */
const SHOW =
  '#!/bin/sh\nenv | sort | grep -E "^(DYNO|HOME|PORT|PS|PWD|ONE|TWO|THREE|SECRET)="; echo shown; exec sleep 98890\n'
const FILES = { Procfile: 'web: ./show\nworker: ./show\nclock: ./show\nrelease: true\n', show: SHOW }

async function inApp(
  files: Record<string, string>,
  body: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = openSandbox(files)
  try {
    await body(sandbox)
  } finally {
    await sandbox.close()
  }
}

/** What the dynos say of their environment, when so many have said it. */
async function shown(start: Formation, dynos: number): Promise<string[]> {
  await start.says('shown\n', dynos)
  start.child.kill('SIGINT')
  assert.deepEqual(await start.ended, [130, null], start.stderr())
  return start.lines().filter((line) => line.startsWith('app[') && line.includes('='))
}

const WORDS: readonly (readonly [words: readonly string[], formation: string])[] = [
  [['web', 'worker=2'], 'clock=0 release=0 web=1 worker=2'],
  [['web=2'], 'clock=1 release=0 web=2 worker=1'],
  [['-m', 'all=2,web=1'], 'clock=2 release=0 web=1 worker=2'],
  [['--heroku-defaults', 'clock+1'], 'clock=1 release=0 web=1 worker=0'],
]

describe('what is typed behind dyno start', { concurrency: 3 }, () => {
  test('says how many dynos of each type there are, in the background as well', () =>
    inApp(FILES, async (sandbox) => {
      for (const [words, formation] of WORDS) {
        const started = await dyno(sandbox, ['start', '--detach', ...words])
        assert.equal(started.status, 0, started.stderr)
        assert.match(started.stdout, /^The formation runs in the background; .*'dyno down' ends it\.\n$/)
        const { stdout } = await dyno(sandbox, ['ps:scale'])
        assert.equal(stdout.replaceAll(':Basic', ''), `${formation}\n`, words.join(' '))
        assert.equal((await dyno(sandbox, ['down'])).status, 0)
      }
    }))

  test('what makes another command run than the Procfile seems to say is told once, in runs as well', () =>
    inApp({ Procfile: 'web: echo one\nweb: echo two\rok: true\nsmall: echo $PORT' }, async (sandbox) => {
      const told =
        / ! {4}Procfile:2:1: `web` is also in line 1[^\n]*\n ! {4}Procfile:2:14: A carriage return alone [^\n]*\n/
      for (const words of [
        ['run', '--no-tty', 'true'],
        ['start', '--detach'],
      ]) {
        const { stderr } = await dyno(sandbox, words)
        assert.match(stderr, told)
        assert.equal(stderr.match(/Procfile:/g)?.length, 2, stderr)
      }
      assert.equal((await dyno(sandbox, ['down'])).status, 0)
    }))

  test('a second start is refused and leaves the first one alone', () =>
    inApp(FILES, async (sandbox) => {
      const first = startFormation(sandbox, ['worker'])
      await first.says('shown\n')
      const second = await dyno(sandbox, ['start', 'clock'])
      assert.match(
        second.stderr,
        /^ ! {4}A formation of this app already runs \(pid \d+\); see it with 'dyno ps'/,
      )
      assert.deepEqual([second.stdout, second.status], ['', 1])
      assert.match((await dyno(sandbox, ['ps'])).stdout, /\nworker\.1 .*\n$/)
      assert.equal((await shown(first, 1)).length, 5)
    }))

  test('a dyno of the formation has config vars, its name and port, what .profile.d says, and not our shell’s secrets', () =>
    inApp(
      { ...FILES, '.env': 'ONE=file\n', '.profile.d/two.sh': 'export TWO="$ONE-profile"\n' },
      async (sandbox) => {
        sandbox.env['SECRET'] = 'shell'
        const base = Number(sandbox.env['PORT'])
        const start = startFormation(sandbox, ['web', 'worker=2'])
        const of = (name: string, port: number) =>
          [
            `DYNO=${name}`,
            'HOME=/app',
            'ONE=file',
            `PORT=${port}`,
            `PS=${name}`,
            'PWD=/app',
            'TWO=file-profile',
          ].map((line) => `app[${name}]: ${line}`)
        const all = [...of('web.1', base + 1), ...of('worker.1', base + 100), ...of('worker.2', base + 101)]
        assert.deepEqual((await shown(start, 3)).toSorted(), all.toSorted())
      },
    ))

  test('-e names files, a later one winning, -p is stronger than PORT in them, -f is another Procfile, --inherit-env all of ours', () =>
    inApp(
      {
        ...FILES,
        'a.env': 'ONE=a\nTWO=a\n',
        'b.env': 'TWO="$ONE-b"\nPORT=6500\n',
        Other: 'other: ./show\n',
        '.env': 'THREE=unread\n',
      },
      async (sandbox) => {
        sandbox.env['SECRET'] = 'shell'
        const port = Number(sandbox.env['PORT']) + 50
        const words = [
          '-e',
          'a.env,b.env',
          '--env-dialect',
          'shell',
          '-f',
          'Other',
          '--inherit-env',
          '-p',
          `${port}`,
        ]
        const lines = await shown(startFormation(sandbox, words), 1)
        for (const line of ['ONE=a', 'TWO=a-b', `PORT=${port}`, 'SECRET=shell'])
          assert.ok(lines.includes(`app[other.1]: ${line}`), lines.join('\n'))
        assert.ok(!lines.some((line) => line.includes('THREE')))
      },
    ))

  test('PORT in .env is stronger than in the shell, and types that are not started are counted', () =>
    inApp(FILES, async (sandbox) => {
      const port = Number(sandbox.env['PORT']) + 7
      writeFiles(sandbox.app, { '.env': `PORT=${port}\n` })
      const lines = await shown(startFormation(sandbox, ['web=0', 'worker=2', 'clock']), 3)
      assert.deepEqual(
        lines.filter((line) => line.includes(' PORT=')).toSorted(),
        [
          `clock.1]: PORT=${port + 200}`,
          `worker.1]: PORT=${port + 100}`,
          `worker.2]: PORT=${port + 101}`,
        ].map((line) => `app[${line}`),
      )
    }))

  test('--slug runs somebody’s slug in any folder', () =>
    inApp(FILES, async (sandbox) => {
      spawnSync('tar', ['-czf', `${sandbox.folder}/app.tgz`, '.'], { cwd: sandbox.app })
      const empty = { ...sandbox, app: `${sandbox.folder}/empty` }
      mkdirSync(empty.app)
      const lines = await shown(startFormation(empty, ['--slug', '../app.tgz', 'worker']), 1)
      assert.ok(lines.includes('app[worker.1]: HOME=/app'))
    }))

  test('the widgets of one dyno are its own: not its neighbour’s, not its next life’s, not the app folder’s', async () => {
    const sandbox = openSandbox('widgets')
    const [web1, web2] = [Number(sandbox.env['PORT']) + 1, Number(sandbox.env['PORT']) + 2]
    const start = startFormation(sandbox, ['web=2', 'worker=0', 'clock=0'])
    for (const name of ['web.1', 'web.2'])
      await start.says(`heroku[${name}]: State changed from starting to up\n`)
    const widgets = async (port: number) => (await fetch(`http://127.0.0.1:${port}/widgets`)).text()
    const cog = JSON.stringify({ name: 'cog', colour: 'teal', cents: 199 })
    const added = await fetch(`http://127.0.0.1:${web1}/widgets`, { method: 'POST', body: cog })
    assert.equal(added.status, 201)
    assert.match(await widgets(web1), /teal/)
    assert.doesNotMatch(await widgets(web2), /teal/)
    await dyno(sandbox, ['ps:restart', 'web.1'])
    await start.says('heroku[web.1]: State changed from starting to up\n', 2)
    assert.doesNotMatch(await widgets(web1), /teal/)
    assert.match(await (await fetch(`http://127.0.0.1:${web1}/`)).text(), /Hello from the widget factory/)
    start.child.kill('SIGTERM')
    assert.deepEqual(await start.ended, [143, null])
    await sandbox.close()
  })
})
