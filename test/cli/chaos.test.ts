import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  clientOf,
  dyno,
  ended,
  kill,
  LEADER,
  leadersOf,
  nobodySleeps,
  openSandbox,
  pidsOf,
  quiet,
  reads,
  sitDown,
  sleepers,
  startDyno,
  until,
} from '../harness.ts'
import { CHAOS_SEED, chaosRounds, seeded } from '../random.ts'

/** How many runs; a third of them is killed at a random moment. */
const ROUNDS = chaosRounds(16)

/** How long after its start a run is killed at the latest, in milliseconds: walls are up well before. */
const LATEST = 500
const ABREAST = 3

test(`${ROUNDS} runs, a third of them killed at random moments, leave nothing (seed ${CHAOS_SEED})`, async () => {
  const sandbox = openSandbox('misbehaving')
  const random = seeded(CHAOS_SEED)
  const odd = 990_000 + (CHAOS_SEED % 9999)
  const live = [`forker ${odd}`, 'stubborn', `sleep ${odd}`]
  const brief = [`daemon ${odd} 3`, 'args a b', 'chatty 2000', `daemon ${odd}`]
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)]!

  const round = async (number: number) => {
    const doomed = number % 3 === 0
    const line = pick(doomed ? [...live, ...brief] : brief)
    const way = pick(['pipes', 'terminal', 'detached'] as const)
    const victim = pick(['client', 'manifold', 'leader'] as const)
    const moment = random() * LATEST
    const over = start(way, line)
    if (!doomed) return over
    await sleep(moment)
    for (const pid of pidsOf(sandbox.folder, VICTIMS[victim]).slice(-1)) kill(pid, 'SIGKILL')
    if (live.includes(line)) await sleep(LATEST - moment)
    // Whatever was hit, this run must not go on: a neighbour may have been, and a detached one has no client.
    for (const pid of pidsOf(sandbox.folder, CLIENT)) if (isOf(pid, line)) kill(pid, 'SIGKILL')
    return over
  }

  const isOf = (pid: number, line: string) =>
    pidsOf(sandbox.folder, new RegExp(` ${line}( |$)`)).includes(pid)

  const start = (way: 'pipes' | 'terminal' | 'detached', line: string): Promise<unknown> => {
    if (way === 'terminal') return sitDown(sandbox, ['run', line]).status
    const child = startDyno(sandbox, [way === 'detached' ? 'run:detached' : 'run', line])
    child.stdin!.on('error', () => {}) // it was killed
    child.stdin!.end()
    return ended(child)
  }

  for (let number = 0; number < ROUNDS; number += ABREAST) {
    await Promise.all(Array.from({ length: Math.min(ABREAST, ROUNDS - number) }, (_, i) => round(number + i)))
  }
  const last = await dyno(sandbox, ['run', 'echo', 'still here'])
  assert.deepEqual([last.stdout, last.status], ['still here\n', 0], last.stderr)
  await stopAll()
  await quiet(sandbox.folder)
  await nobodySleeps(odd)
  await sandbox.close()

  // One that ignores SIGHUP goes only after R16 and half a minute of grace: its first process is killed instead.
  // One whose client was killed before it came to attach is waited for half a minute (R13): it is stopped instead.
  async function stopAll(): Promise<void> {
    for (const pid of leadersOf(sandbox.folder)) kill(pid, 'SIGKILL')
    await until(
      () => leadersOf(sandbox.folder).length === 0,
      () => 'dynos live on',
    )
    const listed = JSON.parse((await dyno(sandbox, ['ps', '--json'])).stdout) as { name: string }[]
    await Promise.all(listed.map(({ name }) => dyno(sandbox, ['ps:stop', name])))
  }
})

const CLIENT = clientOf('run')
const VICTIMS = { client: CLIENT, manifold: /__manifold/, leader: LEADER } as const

test("who clears up after a manifold that was killed takes nothing of the next one's", async (t) => {
  const sandbox = openSandbox('misbehaving')
  t.after(sandbox.close)
  const asleep = 980_000 + (process.pid % 10_000)
  await dyno(sandbox, ['run:detached', '--walls', 'folder', `sleep ${asleep}`])
  await until(
    () => sleepers(asleep).length === 1,
    () => 'it never slept',
  )
  const [keeper] = pidsOf(sandbox.folder, /dyno-keeper/)
  process.kill(keeper!, 'SIGSTOP')
  const [manifold] = pidsOf(sandbox.folder, /__manifold/)
  process.kill(manifold!, 'SIGKILL')
  await until(
    () => pidsOf(sandbox.folder, /__manifold/).length === 0,
    () => 'it was killed and is there',
  )
  const next = startDyno(sandbox, ['run', '--walls', 'folder', 'echo here; read x; cat Procfile | wc -l'])
  await reads(next, 'here\n')
  process.kill(keeper!, 'SIGCONT')
  await until(
    () => !pidsOf(sandbox.folder, /dyno-keeper/).includes(keeper!),
    () => 'it never ended',
  )
  const rest = reads(next, /\d+\n/)
  next.stdin!.end('\n')
  assert.match(await rest, /^[1-9]/)
  assert.deepEqual(await ended(next), [0, null])
})
