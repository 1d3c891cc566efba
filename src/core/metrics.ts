import type { Dyno } from './dyno.ts'
import { quotaOf } from './size.ts'

/** What all processes of a dyno use: memory in bytes, processor time in seconds since they began. */
export type Usage = { readonly memory: number; readonly cpu: number }

/** A dyno as `GET /apps/:app/metrics` tells it; nulls while it does not run. Heroku has no such list in its API. */
export type DynoMetrics = {
  readonly name: string
  /** In bytes, as is its quota. */
  readonly memory: number | null
  readonly memory_quota: number
  /** Processor time in seconds: what came between two questions is how busy it is. */
  readonly cpu: number | null
  /** How many lives it had before this one. */
  readonly restarts: number
  /** Its `$PORT`; null for a one-off. */
  readonly port: number | null
}

/** `GET /apps/:app/metrics`. */
export type MetricsJson = {
  /** Requests that the router has answered since it was opened. */
  readonly requests: number
  /** How long a dyno has from SIGTERM to SIGKILL, in seconds. */
  readonly grace: number
  readonly dynos: readonly DynoMetrics[]
}

/** The dyno in that shape. */
export function dynoMetrics(dyno: Dyno, { restarts, usage }: DynoMeasure): DynoMetrics {
  return {
    name: dyno.name,
    memory: usage?.memory ?? null,
    memory_quota: quotaOf(dyno.size),
    cpu: usage?.cpu ?? null,
    restarts,
    port: dyno.kind === 'formation' ? dyno.port : null,
  }
}

/** What is measured of a dyno. */
export type DynoMeasure = { readonly restarts: number; readonly usage: Usage | undefined }
