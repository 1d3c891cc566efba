import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe } from 'node:test'
import { lookAt } from '../emulator.ts'
import { startFormation, testApp } from '../formation.ts'
import { dyno, ended, reads, type Sandbox, startDyno } from '../harness.ts'

const SIZE = { columns: 90, rows: 20 }
const OTHER_SCREEN = '\u001b[?1049h'
const CURSOR = '\u001b[?25h'

const look = (sandbox: Sandbox, args: string[]) => lookAt(sandbox, args, SIZE)

const TYPES = { worker: 'bin/signals', other: 'bin/signals' }

describe('inline views', { concurrency: 2 }, () => {
  testApp('ps --watch shows what becomes of dynos, and leaves the last table', TYPES, async (sandbox) => {
    const start = startFormation(sandbox, ['--no-tty'])
    await start.says('to up\n', 2)
    const { person, screen } = look(sandbox, ['ps', '--watch'])
    await screen.shows(
      /^Process [^\n]*\n[^\n]*\nother\.1 +up for \d+s [^\n]*\nworker\.1 +up for [^\n]*\n *\nq ends/,
    )
    await dyno(sandbox, ['ps:scale', 'worker=2', 'other=0'])
    await screen.shows(
      /^Process [^\n]*\n[^\n]*\nworker\.1 +up for [^\n]*\nworker\.2 +up for [^\n]*\n *\nq ends/,
    )
    person.type('q')
    assert.equal(await person.status, 0)
    assert.doesNotMatch(await screen.shows(/worker\.2/), /q ends|other/)
    assert.ok(!person.raw().includes(OTHER_SCREEN))
    assert.ok(
      person.raw().lastIndexOf(CURSOR) > person.raw().lastIndexOf('\u001b[?25l'),
      'the cursor is back',
    )
    const second = look(sandbox, ['ps', 'worker', '-w'])
    await second.screen.shows(/worker\.2 +up/)
    second.person.type('\u0003')
    assert.equal(await second.person.status, 130)
    start.child.kill('SIGTERM')
    await start.ended
  })

  testApp(
    'ps --watch writes a table for each change where nothing can be drawn over',
    TYPES,
    async (sandbox) => {
      const plain = startDyno(sandbox, ['ps', '--watch'])
      const json = startDyno(sandbox, ['ps', '--watch', '--json'])
      await Promise.all([reads(plain, 'No dynos on app\n\n'), reads(json, '[]\n')])
      const seen = [reads(plain, /worker\.1 +up for/), reads(json, /^\[\{"id".*"state":"up".*\]\n$/m)]
      const start = startFormation(sandbox, ['--no-tty'])
      await Promise.all(seen)
      start.child.kill('SIGTERM')
      await start.ended
      plain.kill()
      json.kill()
      await Promise.all([ended(plain), ended(json)])
    },
  )

  testApp(
    'ps:wait says who is late, and in the end how many are there',
    { web: 'bin/serve 3' },
    async (sandbox) => {
      await dyno(sandbox, ['start', '--detach'])
      const { person, screen } = look(sandbox, ['ps:wait'])
      await screen.shows(
        /^Waiting for every dyno to be running v1\.\.\. 0 \/ 1\n {2}◐ web\.1 {2}starting for \d+s\n/,
      )
      await screen.shows(/^Waiting for every dyno to be running v1\.\.\. 1 \/ 1, done\n(?!.*web)/)
      assert.equal(await person.status, 0)
      assert.equal((await dyno(sandbox, ['down'])).status, 0)
    },
  )

  testApp(
    'ps:wait ends where a dyno crashes, with who it was',
    { web: 'sleep 2; exit 1' },
    async (sandbox) => {
      await dyno(sandbox, ['start', '--detach', '--backoff', '60'])
      const { person, screen } = look(sandbox, ['ps:wait'])
      await screen.shows(/0 \/ 1[\s\S]* ! {4}web\.1 has crashed; see 'dyno logs -p web\.1'\./)
      assert.equal(await person.status, 1)
      await dyno(sandbox, ['down'])
    },
  )

  testApp('a port that is taken is told, and the free one can be taken', TYPES, async (sandbox) => {
    const holder = createServer().unref().listen(Number(sandbox.env['PORT']), '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const web = { ...sandbox, env: { ...sandbox.env } }
    const refused = look(web, ['start', '--detach', '--no-router'])
    await refused.screen.shows(
      new RegExp(`Port ${port} is taken by [\\s\\S]*› Start at port \\d+\\n {2}Start nothing`),
    )
    refused.person.type('\u001b[B')
    await refused.screen.shows(/\n› Start nothing/)
    refused.person.type('\r')
    await refused.screen.shows(new RegExp(`^ ! {4}Port ${port} is taken by`))
    assert.equal(await refused.person.status, 1)
    const taken = look(web, ['start', '--detach', '--no-router'])
    await taken.screen.shows(/› Start at port/)
    taken.person.type('\r')
    await taken.screen.shows(/^The formation runs in the background/)
    assert.equal(await taken.person.status, 0)
    assert.match((await dyno(sandbox, ['ps'])).stdout, /worker\.1/)
    await dyno(sandbox, ['down'])
    holder.close()
  })

  testApp('attach asks which dyno, and leaves the terminal to it', TYPES, async (sandbox) => {
    await dyno(sandbox, ['start', '--detach'])
    const { person, screen } = look(sandbox, ['attach'])
    await screen.shows(/^Which dyno\?\n› other\.1\n {2}worker\.1\n/)
    person.type('\u001b[B')
    await screen.shows(/› worker\.1/)
    person.type('\r')
    await screen.shows(/^Attached to worker\.1\. Ctrl-\] leaves it running\./)
    person.type('\u001d')
    await screen.shows(/Left worker\.1\./)
    assert.equal(await person.status, 0)
    const left = look(sandbox, ['attach'])
    await left.screen.shows(/Which dyno/)
    left.person.type('\u0003')
    await left.screen.shows(/^ ! {4}Usage: dyno attach DYNO/)
    assert.equal(await left.person.status, 2)
    await dyno(sandbox, ['down'])
  })
})
