import type { DynoMetrics, MetricsJson } from '../core/metrics.ts'

/** How many values are kept to draw a line of. */
const KEPT = 40

/** What a dyno uses, and has used. */
export type Use = Omit<DynoMetrics, 'name' | 'cpu'> & {
  /** Which part of one processor; null until it was measured twice. */
  readonly cpu: number | null
  readonly cpuSeconds: number | null
  /** Its memory at each measurement, in bytes, oldest first. */
  readonly memories: readonly number[]
}

/** What the app uses as of one measurement, and what went before. */
export type Usage = {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly requests: number
  /** Requests a second between each two measurements, oldest first. */
  readonly rates: readonly number[]
  readonly dynos: ReadonlyMap<string, Use>
}

/** The next measurement; `before` is the last one. */
export function measured(before: Usage | undefined, metrics: MetricsJson, now: number): Usage {
  const seconds = before && now > before.at ? (now - before.at) / 1000 : undefined
  const rate = seconds && Math.max(0, metrics.requests - before!.requests) / seconds
  return {
    at: now,
    requests: metrics.requests,
    rates: rate === undefined ? [] : [...before!.rates, rate].slice(-KEPT),
    dynos: new Map(
      metrics.dynos.map((dyno) => [dyno.name, used(before?.dynos.get(dyno.name), dyno, seconds)]),
    ),
  }
}

function used(
  before: Use | undefined,
  { name: _, cpu: cpuSeconds, ...dyno }: DynoMetrics,
  seconds: number | undefined,
): Use {
  const isSameLife = before?.restarts === dyno.restarts
  const spent = isSameLife && cpuSeconds !== null ? cpuSeconds - (before.cpuSeconds ?? cpuSeconds) : undefined
  return {
    ...dyno,
    cpuSeconds,
    cpu: spent === undefined || !seconds ? null : Math.max(0, spent / seconds),
    memories: dyno.memory === null ? [] : [...(before?.memories ?? []), dyno.memory].slice(-KEPT),
  }
}

const BARS = '▁▂▃▄▅▆▇█'

/** The newest values as bars; a full one is `full`, or the highest of them. */
export function sparkline(values: readonly number[], width: number, full?: number): string {
  const shown = values.slice(-width)
  const top = full ?? Math.max(...shown, 0)
  const bars = shown.map(
    (value) => BARS[top === 0 ? 0 : Math.round(Math.min(1, value / top) * (BARS.length - 1))]!,
  )
  return bars.join('').padStart(width)
}

/** Memory as a list has room for: `45M`, `1.2G`. */
export function shortMemory(bytes: number): string {
  const megabytes = bytes / 2 ** 20
  return megabytes < 1000 ? `${Math.round(megabytes)}M` : `${(megabytes / 1024).toFixed(1)}G`
}
