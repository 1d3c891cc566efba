import type { BenchApp } from '../bench-app.ts'
import { benchLatency } from './latency.ts'
import { benchLines } from './lines.ts'
import { benchLives } from './lives.ts'

/** Formations, beside the peers that are on PATH. */
export async function benchFormation(app: BenchApp): Promise<void> {
  await benchLives(app)
  await benchLatency(app)
  await benchLines(app)
}
