import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from '../bench-app.ts'
import { median, report } from '../stopwatch.ts'
import { dynoRunner, makeProcfile, peers, type Runner } from './peers.ts'
import { usageOf, watch } from './watch.ts'

const MANY = 50
const ROUNDS = 3

const ONE = { web1: 'echo ready; exec sleep 1000' }
const ALL = Object.fromEntries(
  Array.from({ length: MANY }, (_, i) => [`p${i}`, 'echo ready; exec sleep 1000']),
)

/** How long runners need to the first line, until 50 processes are up, and to end; beside the peers, in turn. */
export async function benchLives(app: BenchApp): Promise<void> {
  const ours = [dynoRunner(app, '--no-tty'), dynoRunner(app, '--no-tty', '--walls=folder')]
  const runners = [...ours, ...peers()]
  const one = await timed(app, runners, { name: 'one', types: ONE, count: 1 })
  const all = await timed(app, runners, { name: 'all', types: ALL, count: MANY })
  for (const { name } of ours) {
    for (const peer of runners.filter((runner) => !ours.includes(runner))) {
      const goal = peer.name === 'nf' ? 1.5 : Number.POSITIVE_INFINITY
      const said = peer.name === 'nf' ? 'at most 1.5' : 'to know'
      const first = one.get(name)!.up / one.get(peer.name)!.up
      report(`first line: ${name} / ${peer.name}`, first, said, first <= goal)
      const fifty = all.get(name)!.up / all.get(peer.name)!.up
      report(`50 up: ${name} / ${peer.name}`, fifty, said, fifty <= goal)
    }
    const end = all.get(name)!.end
    report(`ms from SIGINT to the end with 50: ${name}`, end, 'at most 500', end <= 500)
  }
  await idle(app, ours[0]!)
}

type Times = { readonly up: number; readonly end: number }

async function timed(
  app: BenchApp,
  runners: readonly Runner[],
  what: { name: string; types: Readonly<Record<string, string>>; count: number },
): Promise<Map<string, Times>> {
  const folder = makeProcfile(app, what.name, what.types)
  const times = new Map(runners.map(({ name }) => [name, { up: [] as number[], end: [] as number[] }]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const runner of runners) {
      const watched = watch(runner, folder, what.types)
      const up = (await watched.seen(/ready\s*$/, what.count)) - watched.began
      const end = await watched.interrupt()
      if (round < 0) continue // the first round warms up
      times.get(runner.name)!.up.push(up)
      times.get(runner.name)!.end.push(end)
    }
  }
  return new Map([...times].map(([name, { up, end }]) => [name, { up: median(up), end: median(end) }]))
}

// The manifold and its client, without the programs they run.
async function idle(app: BenchApp, runner: Runner): Promise<void> {
  const folder = makeProcfile(app, 'all', ALL)
  const watched = watch(runner, folder, ALL)
  await watched.seen(/ready\s*$/, MANY)
  const isOurs = (line: string, pid: number) =>
    pid === watched.child.pid || line.includes(`__manifold ${folder} `)
  await sleep(2000)
  const before = usageOf(isOurs)
  await sleep(10_000)
  const after = usageOf(isOurs)
  const share = (after.cpu - before.cpu) / 100
  report('% of a core used by 50 quiet dynos', share, 'at most 0.5', share <= 0.5)
  report('MB of manifold and client with 50 quiet dynos', after.memory, 'to know', true)
  await watched.interrupt()
}
