import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, suite, test } from 'node:test'
import { findTools } from '../../src/edge/walls/find-tools.ts'
import { buildFullWalls } from '../../src/edge/walls/full-walls.ts'
import { ended, until } from '../harness.ts'
import { FULL_WALLS, openPlace, plantFixture, stateOf, traces } from './walled.ts'

const SIGNALS = { TERM: 15, KILL: 9, HUP: 1 } as const
const TERMINAL = { columns: 80, rows: 24 }

/** Sleepers are told apart from everybody else's by how long they sleep. */
let seconds = 700_001 + (process.pid % 10_000) * 20
const nextSeconds = () => (seconds += 2)

const sleepers = (length: number) => traces(`sleep\0${length}\0`)
const nothingLeft = (length: number) =>
  until(
    () => sleepers(length).length === 0,
    () => `left behind:\n${sleepers(length).join('\n')}`,
  )

for (const { user, way, by } of FULL_WALLS) {
  suite(`a dyno within full walls ${by}`, () => {
    const place = openPlace(user, way)
    const tree = plantFixture(place, 'misbehaving')
    after(() => place.close())

    for (const terminal of [null, TERMINAL]) {
      const where = terminal ? 'on a terminal' : 'on pipes'

      test(`leaves nothing when it is killed, whatever it started: ${where}`, async () => {
        const length = nextSeconds()
        const dyno = place.start(`bin/forker ${length}`, { tree, terminal })
        await dyno.says(/ready/)
        assert.equal(sleepers(length).length, 2)
        dyno.signal(SIGNALS.KILL)
        assert.equal((await dyno.outcome).status, 137)
        await nothingLeft(length)
      })

      test(`leaves nothing when its first process ends, and passes its status on: ${where}`, async () => {
        const length = nextSeconds()
        const { status, stdout } = await place.run(`bin/daemon ${length} 7`, { tree, terminal })
        assert.match(stdout, /^left \d+/)
        assert.equal(status, 7)
        await nothingLeft(length)
      })

      test(`leaves nothing when our process at its top is killed by the host: ${where}`, async () => {
        const length = nextSeconds()
        const dyno = place.start(`bin/forker ${length}`, { tree, terminal })
        await dyno.says(/ready/)
        process.kill(await dyno.pid, 'SIGKILL')
        await dyno.outcome
        await nothingLeft(length)
      })

      test(`gets a signal in all of its processes, which need not end: ${where}`, async () => {
        const script =
          "trap 'echo got-term' TERM; (trap 'echo child-too; exit' TERM; sleep 1000 & wait) & echo ready; wait; wait; echo on"
        const dyno = place.start(script, { terminal })
        await dyno.says(/ready/)
        dyno.signal(SIGNALS.TERM)
        const { stdout, status } = await dyno.outcome
        assert.match(stdout, /got-term/)
        assert.match(stdout, /child-too/)
        assert.match(stdout, /on\r?\n$/)
        assert.equal(status, 0)
      })

      test(`is over when the manifold is killed: ${where}`, async () => {
        const doomed = openPlace(user, way)
        const length = nextSeconds()
        const forker = plantFixture(doomed, 'misbehaving')
        const dyno = doomed.start(`bin/forker ${length}`, { tree: forker, terminal })
        await dyno.says(/ready/)
        await doomed.kill()
        await nothingLeft(length)
        await doomed.close()
      })
    }

    test('is over when the manifold is killed at any moment of its start', async () => {
      for (let i = 0; i < 4; i++) {
        const doomed = openPlace(user, way)
        const length = nextSeconds()
        const dyno = doomed.start(`sleep ${length}; true`)
        await Promise.race([dyno.pid, dyno.outcome])
        if (i > 0) await new Promise((resolve) => setTimeout(resolve, i * 5))
        await doomed.kill()
        await doomed.close()
        await nothingLeft(length)
      }
    })

    test('survives Ctrl-C when its program does, with our processes above it', async () => {
      const line = "trap 'echo int' INT; trap 'echo quit' QUIT; echo ready; read x; echo \"$x\"; exit 3"
      const dyno = place.start(line, { terminal: TERMINAL })
      await dyno.says(/ready/)
      dyno.type('\x03')
      await dyno.says(/int/)
      dyno.type('\x1c')
      await dyno.says(/quit/)
      dyno.type('last\r')
      const { status, stdout } = await dyno.outcome
      assert.match(stdout, /last\r\nlast\r\n$/)
      assert.equal(status, 3)
    })

    test('hears of a hang-up also when it was stopped', async () => {
      const mark = `HANG=${nextSeconds()}`
      const line = "trap 'echo hup; exit 4' HUP; echo ready; kill -STOP $$; while :; do sleep 0.1; done"
      const dyno = place.start(line, { environment: { MARK: mark } })
      await dyno.says(/ready/)
      await until(
        () => traces(mark).some((trace) => stateOf(Number.parseInt(trace, 10)) === 'T'),
        () => 'it never stopped',
      )
      dyno.signal(SIGNALS.HUP)
      const { status, stdout } = await dyno.outcome
      assert.match(stdout, /hup/)
      assert.equal(status, 4)
    })
  })
}

test('a dyno whose manifold was gone before it could watch it does not start', async () => {
  const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
  mkdirSync(`${folder}/trees/slug`, { recursive: true })
  const place = { folder, runtime: folder, trees: `${folder}/trees`, tools: findTools() }
  const { walled, admit } = buildFullWalls(place).build({ terminal: false })
  const environment = { DYNO: 'run.1', HOME: '/app' }
  admit({ line: 'echo started', slug: 'slug', environment, terminal: null, walls: null })
  const run = async (argv: readonly string[]) => {
    const child = spawn(argv[0]!, argv.slice(1), { cwd: walled.cwd, env: walled.environment })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    return [(await ended(child))[0], text]
  }
  assert.deepEqual(await run(['sh', '-c', '"$@"; exit $?', 'sh', ...walled.argv]), [125, ''])
  assert.deepEqual(await run(walled.argv), [0, 'started\n'])
  rmSync(folder, { recursive: true })
})
