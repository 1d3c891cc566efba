import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { type Formation, startFormation } from '../formation.ts'
import { dyno, openSandbox, type Sandbox } from '../harness.ts'
import { http } from './http.ts'

const SERVER = `const text = require('fs').readFileSync('text', 'utf8') + process.env.COLOUR
require('http').createServer((_, response) => response.end(text)).listen(process.env.PORT, () => console.log('ready'))`

const APP = {
  Procfile: 'web: node server.js\nworker: echo works; exec sleep 98880\n',
  'server.js': SERVER,
  text: 'one ',
  '.env': 'COLOUR=red\n',
}

async function watching(t: { after(end: () => Promise<void>): void }, files: Record<string, string> = APP) {
  const sandbox = openSandbox(files)
  t.after(sandbox.close)
  const start = startFormation(sandbox, ['--watch', '--no-tty', '--grace', '1'])
  await start.says('[web.1]: ready\n')
  await start.says('[worker.1]: works\n')
  await new Promise((resolve) => setTimeout(resolve, 500)) // until the folder is watched
  return {
    sandbox,
    start,
    save: (name: string, text: string) => writeFileSync(`${sandbox.app}/${name}`, text),
  }
}

async function answers(sandbox: Sandbox, wanted: string): Promise<void> {
  const giveUp = Date.now() + 20_000
  for (let got = ''; got !== wanted; ) {
    assert.ok(Date.now() < giveUp, `it answers ${got}`)
    got = (await http(Number(sandbox.env['PORT']), '/')).body
  }
}

const lives = (start: Formation, ps: string) =>
  start.lines(ps).filter((line) => line.includes('Starting process with command')).length

async function end(start: Formation): Promise<void> {
  start.child.kill('SIGINT')
  await start.ended
}

describe('dyno start --watch', { concurrency: 2 }, () => {
  test('a save is a release: code and config vars for all types, a line of the Procfile for its own', async (t) => {
    const { sandbox, start, save } = await watching(t)
    save('text', 'two ')
    await start.says('Release v2 created')
    await answers(sandbox, 'two red')
    await start.says('[worker.1]: works\n', 2)
    save('.env', 'COLOUR=blue\n')
    await answers(sandbox, 'two blue')
    await start.says('[worker.1]: works\n', 3)
    const before = lives(start, 'web.1')
    save('Procfile', APP.Procfile.replace('works', 'worked'))
    await start.says('[worker.1]: worked\n')
    assert.equal(lives(start, 'web.1'), before, 'web goes on')
    save('Procfile', `${APP.Procfile.replace('works', 'worked')}clock: echo ticks; exec sleep 98881\n`)
    await start.says('[clock.1]: ticks\n')
    assert.deepEqual([lives(start, 'web.1'), lives(start, 'worker.1')], [before, 4], 'the others go on')
    const ps = (await dyno(sandbox, ['ps', '--json'])).stdout
    const versions = (JSON.parse(ps) as { release: { version: number } }[]).map(
      ({ release }) => release.version,
    )
    assert.deepEqual(versions, [5, 5, 5], 'and are of the newest release all the same')
    await end(start)
  })

  test('a Procfile that does not parse, or is gone, is told with its line, and what runs goes on', async (t) => {
    const { sandbox, start, save } = await watching(t)
    save('Procfile', 'web node server.js\n')
    await start.says(/ ! {4}Procfile:1:\d+: There is no colon/)
    const restarted = await dyno(sandbox, ['ps:restart', 'worker'])
    assert.deepEqual([restarted.stderr, restarted.status], ['', 0], 'who watches tells of changes himself')
    rmSync(`${sandbox.app}/Procfile`)
    await start.says(' !    The Procfile is gone; what runs goes on until there is one again.\n')
    save('.env', 'COLOUR=blue\n')
    save('Procfile', APP.Procfile)
    await answers(sandbox, 'one blue')
    assert.doesNotMatch(start.lines('api').join('\n'), /Release v[3-9] created/)
    await end(start)
  })

  test('a release command is not run for a save, and a branch that is checked out is one release', async (t) => {
    const { sandbox, start } = await watching(t, {
      ...APP,
      Procfile: `${APP.Procfile}release: echo released\n`,
      a: '1',
      b: '1',
    })
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.email=ada@example.com', '-c', 'user.name=Ada', ...words], {
        cwd: sandbox.app,
        stdio: 'pipe',
      })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-qm', 'one')
    git('checkout', '-qb', 'other')
    for (const name of ['a', 'b', 'text']) writeFileSync(`${sandbox.app}/${name}`, 'two ')
    await answers(sandbox, 'two red')
    git('commit', '-qam', 'two')
    git('checkout', '-q', '-')
    await answers(sandbox, 'one red')
    assert.ok(!start.lines('release').some((line) => line.includes('released')))
    await end(start)
  })

  test('it is refused where nothing could be watched, or by nobody', async (t) => {
    const sandbox = openSandbox(APP)
    t.after(sandbox.close)
    for (const other of ['--detach', '--live', '--slug=x.tgz']) {
      const { status, stderr } = await dyno(sandbox, ['start', '--watch', other])
      assert.equal(status, 2)
      assert.match(stderr, /^ ! {4}--watch and --\w+ do not go together: [^\n]+\.\n$/)
    }
  })
})
