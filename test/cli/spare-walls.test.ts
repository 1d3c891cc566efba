import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { type Makings, openSpareWalls } from '../../src/cli/manifold/spare-walls.ts'
import type { ChildEvents } from '../../src/core/child.ts'
import type { Launch } from '../../src/core/dyno.ts'
import {
  dyno,
  isSpare,
  kill,
  LEADER,
  openSandbox,
  pidsOf,
  processesOf,
  quiet,
  type Sandbox,
  sitDown,
  until,
} from '../harness.ts'

let sandbox: Sandbox
before(() => {
  sandbox = openSandbox('widgets')
})
after(() => sandbox.close())

async function spare(): Promise<number> {
  const found = () => processesOf(sandbox.folder).filter((line) => LEADER.test(line) && isSpare(line))
  await until(
    () => found().length === 1,
    () => `not one spare: ${found()}`,
  )
  return Number.parseInt(found()[0]!, 10)
}

test('after a dyno there are walls for the next, which get the slug and the terminal of that one', async () => {
  assert.equal((await dyno(sandbox, ['run', 'true'])).status, 0)
  await spare()
  writeFileSync(`${sandbox.app}/later`, 'made later\n')
  const ran = await dyno(sandbox, ['run', 'cat later; id -u'])
  assert.equal(ran.stdout, 'made later\n43232\n')
  const person = sitDown(sandbox, ['run', 'bash'], { columns: 93, rows: 19 })
  await person.sees('~ $ ')
  await spare()
  const second = sitDown(sandbox, ['run', 'stty size; cat later'], { columns: 91, rows: 17 })
  await second.sees('17 91\nmade later\n')
  person.type('exit\r')
  assert.deepEqual([await person.status, await second.status], [0, 0])
})

test('walls that were killed while they waited are not missed', async () => {
  const status = dyno(sandbox, ['run', 'sleep 0.3'])
  kill(await spare(), 'SIGKILL')
  assert.equal((await status).status, 0)
  assert.equal((await dyno(sandbox, ['run', 'echo', 'again'])).stdout, 'again\n')
})

test('a manifold takes its spare walls along, however it ends', async () => {
  await dyno(sandbox, ['run', 'true'])
  await spare()
  await quiet(sandbox.folder, { hurry: true })
  await dyno(sandbox, ['run', 'true'])
  await spare()
  kill(pidsOf(sandbox.folder, /__manifold/)[0]!, 'SIGKILL')
  await until(
    () => processesOf(sandbox.folder).length === 0,
    () => `left: ${processesOf(sandbox.folder)}`,
  )
  assert.equal((await dyno(sandbox, ['run', 'echo', 'again'])).stdout, 'again\n')
})

const launch = (terminal: boolean): Launch => ({
  line: 'true',
  slug: 'slug',
  environment: {},
  terminal: terminal ? { columns: 80, rows: 24 } : null,
  walls: null,
})

// Walls by number that are only written down: which were built, who was let in, what was thrown away.
function pretend() {
  const happened: string[] = []
  const events: ChildEvents[] = []
  const world = { current: true }
  let built = 0
  const makings: Makings = {
    build({ fifo }) {
      const number = ++built
      happened.push(`build ${number}${fifo ? ' ahead' : ''}`)
      return {
        walled: { argv: [`${number}`], environment: {}, cwd: '/', ours: 2, mark: null, user: 0 },
        admit: () => void happened.push(`admit ${number}`),
        isCurrent: () => world.current,
        discard: () => void happened.push(`discard ${number}`),
      }
    },
    async spawn({ argv }, _, reported) {
      happened.push(`spawn ${argv[0]}`)
      events.push(reported)
      const mute = { end() {}, resize() {}, pause() {}, resume() {}, abandon() {} }
      return { pid: -1, write: () => true, ...mute }
    },
    fifo: async () => 'fifo',
  }
  const spares = openSpareWalls(makings)
  const enter = async (terminal: boolean) => {
    const { walled } = spares.enclose(launch(terminal))
    const nothing = { output() {}, drained() {}, left() {}, exited: () => void happened.push('exited') }
    await spares.spawn(walled, launch(terminal).terminal, nothing)
    spares.close()
  }
  return { happened, events, world, spares, enter }
}

test('a spare is spawned before it is known for whom, and what it reports then is that dyno’s', async () => {
  const { happened, events, spares, enter } = pretend()
  await spares.prepare(false)
  await enter(false)
  assert.deepEqual(happened, ['build 1 ahead', 'spawn 1', 'admit 1'])
  events[0]!.exited({ how: 'code', code: 0 })
  assert.equal(happened.at(-1), 'exited')
})

const UNFIT: readonly (readonly [string, (pretence: ReturnType<typeof pretend>) => void])[] = [
  ['for a terminal is not taken for pipes', () => {}],
  [
    'is not taken once the mounts of the machine are others',
    ({ world }) => {
      world.current = false
    },
  ],
  ['that said something has failed', ({ events }) => events[0]!.output('stderr', Buffer.from('mount: no'))],
  ['that ended has failed', ({ events }) => events[0]!.exited({ how: 'code', code: 125 })],
]

for (const [index, [what, happen]] of UNFIT.entries()) {
  test(`a spare ${what}, and new walls serve`, async () => {
    const pretence = pretend()
    await pretence.spares.prepare(index === 0)
    happen(pretence)
    await pretence.enter(false)
    const after = pretence.happened.filter((each) => each !== 'discard 1')
    assert.deepEqual(after, ['build 1 ahead', 'spawn 1', 'build 2', 'admit 2', 'spawn 2'])
  })
}
