import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pipeMaker } from '../src/edge/pipes/make-pipes.ts'
import { spawnPipe } from '../src/edge/pipes/spawn-pipe.ts'
import { findTools } from '../src/edge/walls/find-tools.ts'
import { buildFullWalls, type EmptyWalls } from '../src/edge/walls/full-walls.ts'
import type { BenchApp } from './bench-app.ts'
import { median, report } from './stopwatch.ts'

const ROUNDS = 25

/** How long a spare has to be built, in ms. */
const AHEAD = 250

/** What entering full walls costs over a plain exec: new ones, and some that were built ahead. */
export async function benchWalls(app: BenchApp): Promise<void> {
  const [folder, trees, runtime] = ['walls', 'trees', 'run'].map((name) => `${app.scratch}/${name}`)
  for (const path of [folder!, `${trees}/slug`]) mkdirSync(path, { recursive: true })
  const walls = buildFullWalls({ folder: folder!, runtime: runtime!, trees: trees!, tools: findTools() })
  const pipes = pipeMaker(folder!)
  const fresh: number[] = []
  const spare: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const bare = time(['bash', '-c', 'true'])
    fresh.push(timeFresh(walls.build({ terminal: false })) - bare)
    const ahead = walls.build({ terminal: false, fifo: await pipes.fifo() })
    spare.push((await timeSpare(ahead, await pipes.make())) - bare)
  }
  // There is no goal for these: they are entered only when many dynos start at once.
  reportEntry('full walls that are built for it', fresh, Number.POSITIVE_INFINITY)
  reportEntry('full walls built ahead', spare, 25)
}

function timeFresh({ walled, admit, discard }: EmptyWalls): number {
  admit(LAUNCH)
  const taken = time(walled.argv)
  discard()
  return taken
}

async function timeSpare(walls: EmptyWalls, pipes: Parameters<typeof spawnPipe>[1]): Promise<number> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const events = { output() {}, drained() {}, left() {}, exited: () => end() }
  spawnPipe(walls.walled, pipes, events)
  await sleep(AHEAD)
  const began = performance.now()
  walls.admit(LAUNCH)
  await over
  const taken = performance.now() - began
  walls.discard()
  return taken
}

const LAUNCH = {
  line: 'true',
  slug: 'slug',
  environment: { HOME: '/app', DYNO: 'run.1' },
  terminal: null,
  walls: null,
}

function time(argv: readonly string[]): number {
  const began = performance.now()
  const { status } = spawnSync(argv[0]!, argv.slice(1), { cwd: '/', stdio: 'ignore' })
  if (status !== 0) throw new Error(`${argv[0]} ended with ${status}`)
  return performance.now() - began
}

function reportEntry(what: string, over: readonly number[], most: number): void {
  const least = Math.min(...over)
  const goal = Number.isFinite(most) ? `at most ${most}` : 'to know'
  report(`ms over bash -c true: ${what} (median ${median(over).toFixed(1)})`, least, goal, least <= most)
}
