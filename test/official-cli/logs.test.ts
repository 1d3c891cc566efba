import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { answers, eventually, listen, type Official, openOfficial } from './official.ts'

let here: Official
before(async () => {
  here = await openOfficial({ start: ['web=1', 'worker=2', 'greet=0'] })
  const wanted = ['app[web.1]: listening', 'heroku[web.1]: State changed from starting to up']
  await eventually(
    async () => (await here.dyno(['logs', '-n', '1500'])).stdout,
    (log) => wanted.every((line) => log.includes(line)),
  )
})
after(() => here.close())

/** `source[dyno]: message` of each line, after a check that each has a time stamp. */
function said(stdout: string): string[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => {
    const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d (.*)$/.exec(line)
    assert.ok(match, line)
    return match[1]!
  })
}

async function logs(...words: string[]): Promise<string[]> {
  const ran = await here.heroku(['logs', ...words])
  answers(ran, { stdout: /^/ })
  return said(ran.stdout)
}

describe('logs', () => {
  test('logs shows the lines of all, and -n the last of them', async () => {
    const all = await logs()
    assert.ok(all.includes('app[web.1]: listening'))
    assert.ok(all.includes('app[worker.2]: working'))
    assert.deepEqual(await logs('-n', '2'), all.slice(-2))
  })

  test('logs of a dyno, of a process type and of a source', async () => {
    const one = await logs('--dyno-name', 'worker.2')
    assert.ok(one.includes('app[worker.2]: working'))
    assert.ok(one.every((line) => /^\w+\[worker\.2\]: /.test(line)))
    const type = await logs('--process-type', 'worker')
    assert.deepEqual(
      new Set(type.map((line) => /\[(.*?)\]/.exec(line)![1])),
      new Set(['worker.1', 'worker.2']),
    )
    const source = await logs('--source', 'heroku')
    assert.ok(source.length > 0 && source.every((line) => line.startsWith('heroku[')))
    const both = await logs('-s', 'app', '--ps', 'web')
    assert.deepEqual(both, ['app[web.1]: listening'])
  })

  test('logs --tail follows until it is interrupted', async (t) => {
    const child = here.start(['logs', '--tail', '-d', 'worker.1'])
    t.after(() => child.kill('SIGKILL'))
    const heard = listen(child)
    await heard.says('app[worker.1]: working\n')
    answers(await here.heroku(['ps:restart', '-d', 'worker.1']), {
      stderr: 'Restarting dyno worker.1 on app... done\n',
    })
    const stdout = await heard.says(/app\[worker\.1\]: working\n[\s\S]*app\[worker\.1\]: working\n/)
    child.kill('SIGINT')
    const [, signal] = await heard.ended
    assert.equal(signal, 'SIGINT')
    const seen = said(stdout)
    assert.ok(seen.includes('heroku[worker.1]: Restarting'), stdout)
    assert.ok(seen.every((line) => line.includes('[worker.1]: ')))
  })

  test('a reader that has enough ends logs without a word', async (t) => {
    const child = here.start(['logs', '--tail'])
    t.after(() => child.kill('SIGKILL'))
    const heard = listen(child)
    await heard.says('\n')
    child.stdout!.destroy()
    answers(await here.heroku(['run:detached', 'echo one more line']), {
      stdout: /^Run /,
      stderr: /^Running /,
    })
    assert.deepEqual([await heard.ended, heard.stderr()], [[0, null], ''])
  })
})
