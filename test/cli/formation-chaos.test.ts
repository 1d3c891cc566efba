import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Formation, logOf, manifoldOf, openMisfits, startFormation } from '../formation.ts'
import {
  dyno,
  ended,
  kill,
  leadersOf,
  nobodySleeps,
  quiet,
  type Sandbox,
  sitDown,
  sleepers,
  startDyno,
} from '../harness.ts'
import { CHAOS_SEED, chaosRounds, seeded } from '../random.ts'

/** How many formations. */
const ROUNDS = chaosRounds(2)
const ABREAST = 2

/** The longest pause between two acts, in milliseconds. */
const PAUSE = 150

/** Lines of a chatty dyno; it says them and stays. */
const LINES = 3000

test(`${ROUNDS} formations in chaos leave nothing, and lose no line (seed ${CHAOS_SEED})`, async () => {
  const rounds = Array.from({ length: ROUNDS }, (_, number) => number)
  const takeTurns = async () => {
    for (let number = rounds.shift(); number !== undefined; number = rounds.shift()) await chaos(number)
  }
  await Promise.all(Array.from({ length: ABREAST }, takeTurns))
})

async function chaos(number: number): Promise<void> {
  const random = seeded(CHAOS_SEED + number)
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)]!
  const odd = 2_000_000 + ((CHAOS_SEED * 100 + number) % 1_000_000)
  const walls = pick(['full', 'full', 'folder'])
  const sandbox = openMisfits({
    forker: `bin/forker ${odd}`,
    stubborn: 'bin/stubborn',
    crasher: 'bin/crasher 3 0.2',
    chatty: `bin/chatty ${LINES}; exec sleep ${odd}`,
  })
  const beside: Promise<unknown>[] = []
  try {
    const start = startFormation(sandbox, [`--walls=${walls}`, '--grace', '1', '--backoff', '0.3'])
    await start.says(`[chatty.1]: line ${LINES}\n`)
    const acts = Array.from({ length: 4 }, () => pick(Object.values(ACTS)))
    for (const act of acts) {
      beside.push(act(sandbox, { pick, odd, walls, start }))
      await sleep(random() * PAUSE)
    }
    const leave = pick(Object.values(ENDS))
    await leave(sandbox, start)
    await Promise.all([start.ended, ...beside])
    await dyno(sandbox, ['down'])
    await dyno(sandbox, ['run', `--walls=${walls}`, 'true']) // what a killed manifold left is the next one's to clear
    await quiet(sandbox.folder, { hurry: true })
    await nobodySleeps(odd)
    assertLines(await logOf(sandbox, 'chatty'), number)
  } catch (error) {
    const told = [(await dyno(sandbox, ['ps'])).stdout, ...(await logOf(sandbox)).slice(-60)].join('\n')
    throw new Error(`round ${number} of seed ${CHAOS_SEED}, ${walls} walls:\n${told}`, { cause: error })
  } finally {
    await sandbox.close()
  }
}

type Scene = { pick<T>(choices: readonly T[]): T; odd: number; walls: string; start: Formation }
type Act = (sandbox: Sandbox, scene: Scene) => Promise<unknown>

const TYPES = ['forker', 'stubborn', 'crasher', 'chatty'] as const

const ACTS: Readonly<Record<string, Act>> = {
  scale: (sandbox, { pick }) => dyno(sandbox, ['ps:scale', `${pick(TYPES)}=${pick([0, 1, 2, 3])}`]),
  restart: (sandbox, { pick }) => dyno(sandbox, ['ps:restart', ...pick([[], ['forker.1'], ['crasher']])]),
  stop: (sandbox, { pick }) => dyno(sandbox, ['ps:stop', pick(['forker', 'stubborn.1', 'crasher.2'])]),
  oneOff(sandbox, { walls, odd }) {
    const child = startDyno(sandbox, ['run', `--walls=${walls}`, `bin/daemon ${odd} 5`])
    child.stdin!.end()
    return ended(child)
  },
  terminal: (sandbox, { walls }) => sitDown(sandbox, ['run', `--walls=${walls}`, 'args']).status,
  detached: (sandbox, { walls, odd }) =>
    dyno(sandbox, ['run:detached', `--walls=${walls}`, 'bin/forker', `${odd}`]),
  async leader(sandbox, { pick }) {
    const leaders = leadersOf(sandbox.folder)
    if (leaders.length > 0) kill(pick(leaders), 'SIGKILL')
  },
  async sleeper(_, { pick, odd }) {
    const all = sleepers(odd)
    if (all.length > 0) kill(pick(all), 'SIGKILL')
  },
}

const ENDS: Readonly<Record<string, (sandbox: Sandbox, start: Formation) => Promise<unknown>>> = {
  interrupt: async (_, { child }) => child.kill('SIGINT'),
  kill: async (_, { child }) => child.kill('SIGKILL'),
  manifold: async (sandbox) => kill(manifoldOf(sandbox), 'SIGKILL'),
  down: (sandbox) => dyno(sandbox, ['down']),
}

// Every life says its lines from the first on; whoever was ended early says fewer, but none twice and none too few
// between two. The first life of chatty.1 was heard to its end.
function assertLines(log: readonly string[], number: number): void {
  const dynos = new Map<string, number[][]>()
  for (const line of log) {
    const [, name, count] = /^app\[(chatty\.\d+)\]: line (\d+)$/.exec(line) ?? []
    if (name === undefined) continue
    const lives = dynos.get(name) ?? []
    dynos.set(name, lives)
    if (count === '1') lives.push([])
    lives.at(-1)!.push(Number(count))
  }
  assert.equal(dynos.get('chatty.1')![0]!.length, LINES, `round ${number}`)
  for (const lives of dynos.values()) {
    for (const said of lives)
      assert.ok(
        said.every((line, i) => line === i + 1),
        `round ${number}: ${said}`,
      )
  }
}
