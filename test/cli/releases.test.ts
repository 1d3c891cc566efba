import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { ReleaseJson } from '../../src/core/api/release-api.ts'
import { startFormation } from '../formation.ts'
import { dyno, openSandbox, quiet, type Sandbox, script } from '../harness.ts'
import { http } from './http.ts'

const SERVER = `const version = require('fs').readFileSync('version', 'utf8').trim()
require('http').createServer((_, response) => response.end(version + ' ' + process.env.COLOUR + '\\n')).listen(process.env.PORT)`

const APP = {
  Procfile: 'web: node server.js\nworker: sleep 98870\nrelease: bin/release\n',
  'server.js': SERVER,
  version: 'one\n',
  '.env': 'COLOUR=red\nTOKEN=abcdefghijklmnop\n',
  'bin/release':
    '#!/bin/sh\necho "releasing $(cat version) as $DYNO"\nexit $(cat status 2>/dev/null || echo 0)\n',
}

const listed = async (sandbox: Sandbox): Promise<string[]> => {
  const { stdout } = await dyno(sandbox, ['releases', '--json', '-n', '99'])
  const releases = JSON.parse(stdout) as ReleaseJson[]
  return releases
    .reverse()
    .map(
      ({ version, description, status, current }) =>
        `v${version} ${description.replace(/[0-9a-f]{8}$/, '…')} ${status}${current ? ' *' : ''}`,
    )
}

describe('releases', { concurrency: 3 }, () => {
  test('the circle: each release is what the app answers from then on, and no request fails meanwhile', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    const start = startFormation(sandbox, ['--no-tty', 'web=2', 'worker=0'])
    await start.says('web.1]: State changed from starting to up')
    await start.says('web.2]: State changed from starting to up')
    const port = Number(sandbox.env['PORT'])
    const seen: string[] = []
    let isOver = false
    const client = (async () => {
      while (!isOver) {
        const { status, body } = await http(port, '/')
        const answer = `${status} ${body.trim()}`
        if (!seen.includes(answer)) seen.push(answer)
      }
    })()
    const answers = async (wanted: string): Promise<void> => {
      for (let same = 0; same < 20; ) same = (await http(port, '/')).body === `${wanted}\n` ? same + 1 : 0
    }
    const does = async (words: string[], said: RegExp, wanted: string): Promise<void> => {
      const { stdout, stderr, status } = await dyno(sandbox, words)
      assert.deepEqual([stderr, status], ['', 0])
      assert.match(stdout, said)
      await answers(wanted)
    }
    await answers('one red')
    writeFileSync(`${sandbox.app}/version`, 'two\n')
    await does(
      ['release'],
      /^Releasing app\.\.\. release command executing\nreleasing two as release\.2\nReleasing app\.\.\. done, v2\n$/,
      'two red',
    )
    await does(
      ['config:set', 'COLOUR=blue'],
      /^Setting COLOUR and restarting app\.\.\. [\s\S]*done, v3\n$/,
      'two blue',
    )
    await does(
      ['rollback', 'v1'],
      /^Rolling back app to v1\.\.\. [\s\S]*releasing one as release\.4\n[\s\S]*done, v4\n$/,
      'one red',
    )
    await does(['rollback', 'v3'], /done, v5\n$/, 'two blue')
    await does(
      ['config:unset', 'COLOUR'],
      /^Unsetting COLOUR and restarting app\.\.\. [\s\S]*done, v6\n$/,
      'two undefined',
    )
    isOver = true
    await client
    assert.deepEqual(seen, ['200 one red', '200 two red', '200 two blue', '200 two undefined'])
    assert.deepEqual(await listed(sandbox), [
      'v1 Deploy … succeeded',
      'v2 Deploy … succeeded',
      'v3 Set COLOUR config vars succeeded',
      'v4 Rollback to v1 succeeded',
      'v5 Rollback to v3 succeeded',
      'v6 Remove COLOUR config vars succeeded *',
    ])
    start.child.kill('SIGINT')
    await start.ended
  })

  test('a release command that fails changes nothing, and the formation goes on', async (t) => {
    const sandbox = openSandbox({ ...APP, Procfile: 'worker: sleep 98871\nrelease: bin/release\n' })
    t.after(sandbox.close)
    await dyno(sandbox, ['start', '--detach'])
    writeFileSync(`${sandbox.app}/status`, '7\n')
    const failed = await dyno(sandbox, ['release'])
    assert.equal(failed.stdout, 'Releasing app... release command executing\nreleasing one as release.2\n')
    assert.match(
      failed.stderr,
      /^ ! {4}The release command of v2 ended with status 7; v1 stays\. See 'dyno logs -p release\.2'\.\n$/,
    )
    assert.equal(failed.status, 1)
    assert.deepEqual(await listed(sandbox), ['v1 Deploy … succeeded *', 'v2 Deploy … failed'])
    const { stdout } = await dyno(sandbox, ['releases'])
    assert.match(
      stdout,
      /^=== app Releases - Current: v1\n\nv2 {2}Deploy [0-9a-f]{8} release command failed {2}\S+ +\d{4}-.* ago\)\nv1 {2}Deploy/,
    )
    const run = await dyno(sandbox, ['run', 'cat status'])
    assert.match(
      run.stderr,
      /This is v1, not the app folder as it is now; 'dyno release' makes that the next release\./,
    )
    assert.notEqual(run.status, 0)
    await dyno(sandbox, ['down'])
  })

  test('a one-off runs on the release of the formation, on any other by its number, and on the folder without one', async (t) => {
    const sandbox = openSandbox({ ...APP, Procfile: 'worker: sleep 98872\n' })
    t.after(sandbox.close)
    const says = async (...words: string[]) =>
      (await dyno(sandbox, ['run', ...words, 'echo $(cat version) $COLOUR'])).stdout
    await dyno(sandbox, ['start', '--detach'])
    writeFileSync(`${sandbox.app}/version`, 'two\n')
    assert.equal(await says(), 'one red\n')
    await dyno(sandbox, ['config:set', 'COLOUR=blue'])
    assert.equal(await says(), 'one blue\n')
    await dyno(sandbox, ['release'])
    assert.equal(await says(), 'two blue\n')
    assert.equal(await says('--release', 'v1'), 'one red\n')
    const unknown = await dyno(sandbox, ['run', '--release', 'v9', 'ls'])
    assert.equal(unknown.stderr, ' !    There is no release v9; the newest is v3.\n')
    await dyno(sandbox, ['down'])
    writeFileSync(`${sandbox.app}/version`, 'three\n')
    assert.equal(await says(), 'three blue\n')
    assert.equal(await says('--release', '1'), 'one red\n')
  })

  test('releases outlive the manifold; one whose file is broken is set aside, and the others count', async (t) => {
    const sandbox = openSandbox({ ...APP, Procfile: 'worker: sleep 98873\n' })
    t.after(sandbox.close)
    for (const colour of ['green', 'blue', 'gold']) await dyno(sandbox, ['config:set', `COLOUR=${colour}`])
    await quiet(sandbox.folder, { hurry: true })
    const [state] = readdirSync(`${sandbox.folder}/state/dyno`)
    const folder = `${sandbox.folder}/state/dyno/${state}/releases`
    writeFileSync(`${folder}/v3.json`, '{"version": 3, "id": "hal')
    const unfinished = `${folder}/.v4.999999999.tmp`
    writeFileSync(unfinished, 'half')
    assert.equal((await dyno(sandbox, ['config:get', 'COLOUR'])).stdout, 'blue\n')
    const { stdout } = await dyno(sandbox, ['config:set', 'A=1'])
    assert.equal(stdout, 'Setting A... done, v4\n')
    assert.equal(existsSync(unfinished), false, 'what was never whole is swept')
    assert.deepEqual(await listed(sandbox), [
      'v1 Set COLOUR config vars succeeded',
      'v2 Set COLOUR config vars succeeded',
      'v4 Set A config vars succeeded *',
    ])
    assert.equal(readFileSync(`${folder}/v3.json.broken`, 'utf8'), '{"version": 3, "id": "hal')
    assert.match(
      (await dyno(sandbox, ['logs'])).stdout,
      /v3\.json\.broken is no whole release; it was set aside/,
    )
    await dyno(sandbox, ['start', '--detach'])
    assert.equal((await dyno(sandbox, ['run', 'echo $COLOUR $A'])).stdout, 'blue 1\n')
    await dyno(sandbox, ['down'])
  })

  test('on a full disk there is no release, and a sentence says so', {
    skip: process.geteuid?.() !== 0 && 'only root may mount a small disk',
  }, async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    mkdirSync(`${sandbox.folder}/small`)
    const mount = 'mount -t tmpfs -o size=16k small ../small'
    const run =
      'export XDG_STATE_HOME="$PWD/../small"; "$BIN" config:set A=1; head -c 1M /dev/zero 2>/dev/null >../small/fill'
    const ran = await script(
      sandbox,
      `unshare -m sh -c '${mount}; ${run}; "$BIN" config:set B=2; "$BIN" config:get A; "$BIN" config:get B'`,
    )
    assert.match(
      ran.stderr,
      /^ ! {4}The release cannot be kept in .* \(the disk is full\); make room there and try again\.$/m,
    )
    assert.match(ran.stdout, /^Setting A\.\.\. done, v1\nSetting B\.\.\. \n1\n$/)
    assert.match(ran.stderr, /There is no config var B/)
  })
})
