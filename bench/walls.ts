import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { buildFullWalls } from '../src/edge/walls/full-walls.ts'
import type { BenchApp } from './bench-app.ts'
import { median, report } from './stopwatch.ts'

/** What entering full walls costs over a plain exec. */
export function benchWalls(app: BenchApp): void {
  const folder = `${app.scratch}/walls`
  mkdirSync(folder)
  const walls = buildFullWalls(folder, `${app.scratch}/run`)
  const launch = { line: 'true', slug: '', environment: { HOME: '/app', DYNO: 'run.1' } }
  const walled = walls.enclose('run.1', app.folder, { ...launch, terminal: null, walls: null })
  const time = (argv: readonly string[]) => {
    const began = performance.now()
    const { status } = spawnSync(argv[0]!, argv.slice(1), { env: walled.environment, stdio: 'ignore' })
    if (status !== 0) throw new Error(`${argv[0]} ended with ${status}`)
    return performance.now() - began
  }
  const over: number[] = []
  for (let round = 0; round < 25; round++) over.push(time(walled.argv) - time(['bash', '-c', 'true']))
  const least = Math.min(...over)
  report(
    `ms to enter full walls over bash -c true (median ${median(over).toFixed(1)})`,
    least,
    'at most 25',
    least <= 25,
  )
}
