/** How long the manifold waits before it goes on, in milliseconds. */
export type Patience = {
  /** For the client of an attached one-off: R13. */
  readonly attach: number
  /** Between two SIGHUPs, … */
  readonly hangup: number
  /** … of which this many are sent. */
  readonly hangups: number
  /** After SIGTERM, until a one-off's terminal is hung up too: an interactive shell ignores SIGTERM. */
  readonly nudge: number
  /** After SIGTERM, until SIGKILL: R12. */
  readonly grace: number
  /** For the requests of a web dyno that is to end, until SIGTERM all the same; null: nobody routes to it. */
  readonly drain: number | null
  /** For a web dyno to bind its port: R10. */
  readonly boot: number
  /** After a first crash, … */
  readonly retry: number
  /** … and after a second one in a row; twice as long after each more. A dyno that was up longer has not crashed in a row. */
  readonly backoff: number
  /** The age at which a formation dyno is cycled, and up to 15 % more; null: never. */
  readonly cycle: number | null
}

/** Heroku's own numbers, but for `nudge`, seconds instead of minutes in `backoff`, and no cycling. */
export const PATIENCE: Patience = {
  attach: 30_000,
  hangup: 5000,
  hangups: 3,
  nudge: 3000,
  grace: 30_000,
  drain: null,
  boot: 60_000,
  retry: 0,
  backoff: 10_000,
  cycle: null,
}

/** The most that a timer can wait, 24 days, in milliseconds: what is longer would be over at once. */
export const LONGEST_WAIT = 2 ** 31 - 1

/** Heroku waits 10 minutes first and 24 hours at the most. */
const LONGEST = 144

/** How long to wait after so many crashes in a row: as a rule not at all after the first. */
export function backoffAfter(crashes: number, { retry, backoff }: Patience): number {
  return crashes <= 1 ? retry : backoff * Math.min(2 ** (crashes - 2), LONGEST)
}

/** When a life that began at `startedAt` is cycled; the spread keeps dynos from going all at once. */
export function cycleAt(startedAt: number, life: number, { cycle }: Patience): number | undefined {
  return cycle === null ? undefined : Math.round(startedAt + cycle * (1 + ((life * 37) % 101) / 673))
}

/** Whole seconds, as log lines say them. */
export function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000)
}
