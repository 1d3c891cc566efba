import type { Dyno } from '../core/dyno.ts'
import type { DynoMeasure, Usage } from '../core/metrics.ts'
import type { Edges } from './edges.ts'
import type { Life } from './live.ts'

/** How often memory is measured, in milliseconds, as on Heroku. */
const INTERVAL = 20_000

/** How long a measurement serves whoever asks, in milliseconds: many may ask, and it costs as much as all their processes. */
const FRESH = 1000

/** Measures lives: by itself from time to time, and when somebody asks. */
export type Metrics = {
  /** A life of the dyno of this name begins. */
  begun(name: string): void
  of(dyno: Pick<Dyno, 'name' | 'life'>): DynoMeasure
  /** The formation is gone: whoever comes next begins to count anew. */
  forget(): void
  close(): void
}

export function openMetrics(
  edges: Pick<Edges, 'wake' | 'usageOf' | 'now'>,
  lives: ReadonlyMap<number, Life>,
  report: (life: number, bytes: number) => void,
): Metrics {
  const begun = new Map<string, number>()
  let measured: { readonly at: number; readonly usages: ReadonlyMap<number, Usage> } | undefined

  const measure = (): ReadonlyMap<number, Usage> => {
    const usages = new Map<number, Usage>()
    for (const [life, { inside }] of lives) {
      const there = inside()
      const usage = there && edges.usageOf(there.walled, there.leader)
      if (usage) usages.set(life, usage)
    }
    measured = { at: edges.now(), usages }
    return usages
  }
  const watch = (): void => {
    sleep = edges.wake(INTERVAL, watch)
    for (const [life, { memory }] of measure()) report(life, memory)
  }
  let sleep = edges.wake(INTERVAL, watch)

  return {
    begun: (name) => void begun.set(name, (begun.get(name) ?? 0) + 1),
    of({ name, life }) {
      const isFresh = measured && edges.now() - measured.at < FRESH
      const usages = isFresh && measured ? measured.usages : measure()
      return { restarts: Math.max(0, (begun.get(name) ?? 0) - 1), usage: usages.get(life) }
    },
    forget: () => begun.clear(),
    close: () => sleep(),
  }
}
