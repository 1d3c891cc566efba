import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from './bench-app.ts'
import { QUIET, thoseOnPath } from './formation/peers.ts'
import { median, report, type Timed, timeInTurn, timeOnce } from './stopwatch.ts'

const ROUNDS = 15

/** How long the manifold stays after its last dyno, and then some, in ms. */
const GONE = 2500

/** `dyno run true` warm and cold, as ratios to an empty node and to the peers that are on PATH. */
export async function benchOneOffs(app: BenchApp): Promise<void> {
  const node: Timed = { name: 'node -e 0', argv: [process.execPath, '-e', '0'] }
  const run: Timed = { name: 'dyno run true', argv: [app.dyno, 'run', 'true'], cwd: app.folder, env: app.env }
  const bare: Timed = { name: 'bash -c true', argv: ['bash', '-c', 'true'] }
  const known: readonly Timed[] = [
    { name: 'foreman run true', argv: ['foreman', 'run', 'true'] },
    { name: 'nf run true', argv: ['nf', 'run', 'true'] },
    { name: 'heroku local:run true', argv: ['heroku', 'local:run', 'true'] },
  ]
  const peers = thoseOnPath(known, ({ argv }) => argv[0])
  const beside = peers.map((peer) => ({ ...peer, cwd: app.folder, env: { ...app.env, ...QUIET } }))
  // Something runs meanwhile, as on a day of work: the manifold stays, whatever the peers take.
  const hold: Timed = { ...run, name: 'hold', argv: [app.dyno, 'run:detached', 'sleep 1000'] }
  timeOnce(hold)
  const medians = timeInTurn([node, bare, run, ...beside], ROUNDS)
  timeOnce({ ...run, name: 'let go', argv: [app.dyno, 'ps:stop', 'run.1'] })
  const warm = medians.get(run.name)!
  const base = medians.get(node.name)!
  report('warm dyno run true / node -e 0', warm / base, 'at most 2.5', warm / base <= 2.5)
  for (const { name } of beside) {
    const ratio = medians.get(name)! / warm
    const least = name.startsWith('heroku') ? 8 : name.startsWith('foreman') ? 1 : 0
    report(`${name} / warm dyno run true`, ratio, least ? `at least ${least}` : 'to know', ratio >= least)
  }
  const cold: number[] = []
  const empty: number[] = []
  for (let round = 0; round < 7; round++) {
    await sleep(GONE)
    cold.push(timeOnce(run))
    empty.push(timeOnce(node))
  }
  const ratio = median(cold) / median(empty)
  report('cold dyno run true / node -e 0', ratio, 'at most 4', ratio <= 4)
}
