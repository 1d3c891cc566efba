import assert from 'node:assert/strict'
import { globSync, lstatSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { openMisfits } from '../formation.ts'
import { dyno, type Finished, nobodySleeps, openSandbox, quiet, type Sandbox } from '../harness.ts'
import { elementsOf } from '../xml.ts'

const check = (sandbox: Sandbox, ...words: string[]) => dyno(sandbox, ['check', '--boot', ...words])

/** Why each dyno is good or bad, by its name. */
function reasons({ stdout }: Finished): Record<string, string> {
  const rows = [...stdout.matchAll(/^\S+ +(\S+\.\d+) +(good|bad) +(.*)$/gm)]
  return Object.fromEntries(rows.map(([, name, verdict, why]) => [name, `${verdict}: ${why}`]))
}

function matchAll(found: Record<string, string>, expected: Record<string, RegExp>): void {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort())
  for (const [name, pattern] of Object.entries(expected)) assert.match(found[name]!, pattern, name)
}

// Everything below a folder, with what changes when anybody writes there.
function snapshot(folder: string): string[] {
  return globSync('{.,**/*,**/.*}', { cwd: folder }).map((path) => {
    const { mode, size, mtimeMs, ctimeMs, ino } = lstatSync(`${folder}/${path}`)
    return [path, mode, size, mtimeMs, ctimeMs, ino].join(' ')
  })
}

const isGood =
  /^good: (?:alive after 1 s|bound port \d+ after [\d.]+ s, answered 200), ended [\d.]+ s after SIGTERM$/
const saying = (text: string) => new RegExp(`^bad: exited with status 0 after [\\d.]+ s: "${text}"$`)

const MISBEHAVING: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'how they live and die': {
    'web.1': /^bad: did not bind \$PORT \(\d+\) within 1 s$/,
    'stubborn.1': /^bad: was still there 2\.5 s after SIGTERM and had to be killed$/,
    'crasher.1': /^bad: exited with status 1 after [\d.]+ s: "exiting with status 1"$/,
    'killed.1': /^bad: was killed by SIGKILL after [\d.]+ s: "ready"$/,
    'daemon.1': /^bad: exited with status 0 after [\d.]+ s: "left \d+"; left sleep running when it ended$/,
    'missing.1': /^bad: there is no such program: "bash: line 1: bin\/there-is-no-such-program: No such/,
    'not-executable.1':
      /^bad: its program is not executable: "bash: line 1: bin\/not-executable: Perm.* denied"$/,
    'writes-outside.1': /^bad: wrote outside of \/app and \/tmp: \/data\/kept, \/var\/log\/app\.log$/,
    'slow-exit.1': isGood,
    'signals.1': isGood,
    'forker.1': isGood, // SIGTERM goes to all that it has started
    'compound.1': isGood,
    'no-bind.1': isGood, // only web has to
  },
  'what they say and read': {
    'chatty.1': /"line \d+"$|^good: alive/, // as long as a busy machine takes
    'partial.1': /"last line without newline"$|^good: alive/,
    'long-line.1': saying('ready'),
    'progress.1': saying('ready'),
    'clears.1': saying('ready'),
    'binary.1': saying('.*'),
    'unicode.1': saying('ready'),
    'both.1': saying('(?:out|err) 100'),
    'tty.1': saying('LINES .*'),
    'args.1': saying('0 arguments'),
    'env.1': saying('_=.*'),
    'reads-nothing.1': isGood,
    'eof.1': isGood,
    'memory.1': isGood,
  },
}

describe('a check that boots', { concurrency: 2 }, () => {
  test('finds widgets good, leaves its folder alone and leaves nothing', async () => {
    const sandbox = openSandbox('widgets')
    const before = snapshot(sandbox.app)
    assert.ok(before.length > 20)
    const ran = await check(sandbox, '--timeout', '10', '--junit', '../report.xml', 'web')
    assert.equal(ran.status, 0, ran.stdout + ran.stderr)
    matchAll(reasons(ran), { 'web.1': isGood })
    assert.match(ran.stdout, /^Booting web from the slug of app\.\.\. done\n\nTYPE +DYNO +VERDICT +WHY\n/)
    assert.match(ran.stdout, /\n\n1 dyno: all good\.\n/)
    assert.deepEqual(snapshot(sandbox.app), before)
    const cases = elementsOf(readFileSync(`${sandbox.folder}/report.xml`, 'utf8'))
    assert.deepEqual(
      cases.slice(2).map(({ name, attributes }) => [name, attributes['classname'], attributes['name']]),
      [
        'starts',
        'binds $PORT',
        'answers HTTP',
        'ends on SIGTERM',
        'leaves no process',
        'writes only to /app and /tmp',
      ].map((name) => ['testcase', 'app.web.1', name]),
    )
    await quiet(sandbox.folder)
    await sandbox.close()
  })

  for (const [which, expected] of Object.entries(MISBEHAVING)) {
    test(`tells the misbehaving programs apart, each by a reason of its own: ${which}`, async () => {
      const sandbox = openSandbox('misbehaving')
      const types = Object.keys(expected).map((name) => name.slice(0, -2))
      const ran = await check(sandbox, '--timeout', '1', '--grace', '2.5', '--junit', '../r.xml', ...types)
      assert.equal(ran.status, 1, ran.stderr)
      matchAll(reasons(ran), expected)
      const elements = elementsOf(readFileSync(`${sandbox.folder}/r.xml`, 'utf8'))
      const failures = elements.filter(({ name }) => name === 'failure').length
      assert.equal(elements[1]!.attributes['failures'], String(failures))
      await sandbox.close()
    })
  }

  for (const ordinary of [false, true]) {
    test(`tells each way of a web apart${ordinary ? ', also for an ordinary user' : ''}`, async () => {
      const asleep = ordinary ? 93201 : 93202
      const sandbox = openMisfits(
        {
          web: `bin/answers $(echo 404 500 hang close garbage exit | cut -d' ' -f\${DYNO#web.})`,
          outside: 'bin/writes-outside /data/kept /srv/kept',
          leaves: `trap 'setsid sleep ${asleep} & exit 0' TERM; while :; do sleep 0.1; done`,
          release: 'false',
        },
        { ordinary },
      )
      const ran = await check(sandbox, '--timeout', '4', '--grace', '3', 'web=6')
      matchAll(reasons(ran), {
        'web.1': /^good: bound port \d+ after [\d.]+ s, answered 404, ended/,
        'web.2': /^bad: answered GET \/ with 500$/,
        'web.3': /^bad: did not answer GET \/ within 4 s$/,
        'web.4': /^bad: closed the connection and did not answer GET \/$/,
        'web.5': /^bad: answered GET \/ with what is no HTTP$/,
        'web.6': /^bad: exited with status 4 after [\d.]+ s before it answered GET \/: "ready"$/,
        'outside.1': /^bad: wrote outside of \/app and \/tmp: \/data\/kept, \/srv\/kept$/,
        'leaves.1': /^bad: left sleep running when it ended$/,
      })
      await nobodySleeps(asleep)
      await sandbox.close()
    })
  }

  test('says which port a web has bound instead of its own, and that folders for walls see no writes', async () => {
    const sandbox = openMisfits({ web: 'bin/wrong-port', leaves: 'bin/daemon 93203' })
    const ran = await check(
      sandbox,
      '--timeout',
      '1.5',
      '--grace',
      '3',
      '--walls',
      'folder',
      '--junit',
      '../r.xml',
    )
    matchAll(reasons(ran), {
      'web.1': /^bad: bound port \d+, but not \$PORT \(\d+\), within 1\.5 s$/,
      'leaves.1': /^bad: exited with status 0 after [\d.]+ s: "left \d+"; left sleep running when it ended$/,
    })
    const skipped = elementsOf(readFileSync(`${sandbox.folder}/r.xml`, 'utf8')).filter(
      ({ name }) => name === 'skipped',
    )
    assert.ok(skipped.some(({ attributes }) => attributes['message'] === 'not seen without full walls'))
    await nobodySleeps(93203)
    await sandbox.close()
  })

  test('refuses what cannot be booted or reported with one sentence', async () => {
    const sandbox = openSandbox({ Procfile: 'web: true\nrelease: true\n' })
    const said = async (...words: string[]) => {
      const { status, stderr } = await check(sandbox, ...words)
      return [status, stderr.replaceAll('\n', '').replace(/^ ! {4}/, '')]
    }
    assert.deepEqual(await said('--timeout', 'soon'), [2, "--timeout takes a number of seconds, not 'soon'."])
    assert.deepEqual(await said('wrker'), [1, "There is no 'wrker' in the Procfile. It has web, release."])
    assert.deepEqual(await said('release'), [
      1,
      "'release' is never part of the formation; run it with 'dyno run release'.",
    ])
    assert.deepEqual(await said('--junit', '/no/such/folder/r.xml'), [
      1,
      'There is no folder /no/such/folder for the report; make it, or name another file.',
    ])
    assert.deepEqual(await said('-f', 'nowhere'), [
      1,
      'There is no file nowhere; name a Procfile from the current folder.',
    ])
    await quiet(sandbox.folder)
    await sandbox.close()
    const empty = openSandbox({ Procfile: 'release: true\n' })
    const { status, stderr } = await check(empty)
    assert.equal(status, 1)
    assert.match(stderr, /The Procfile has no process type that can be started/)
    await empty.close()
  })
})
