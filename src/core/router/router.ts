import type { Dyno, FormationDyno } from '../dyno.ts'
import type { Formed } from '../manifold.ts'
import { WEB } from '../name.ts'
import type { RouterCode } from './router-codes.ts'

/** How a formation is routed to. Times are in milliseconds. */
export type RouterSettings = {
  readonly port: number
  /** The address to listen at; null is the loopback. */
  readonly host: string | null
  /** Whether the port takes HTTPS as well. */
  readonly tls: boolean
  /** For the connection to a dyno: H19. */
  readonly connect: number
  /** From the end of a request to the first byte of its answer: H12. */
  readonly request: number
  /** Between two bytes in either direction: H15, H28. */
  readonly idle: number
  /** For a dyno that takes the request: H20, H99. */
  readonly queue: number
  /** How long a dyno that takes no connection is left alone. */
  readonly quarantine: number
  /** Requests a web dyno may have waiting: H11. */
  readonly backlog: number
}

/** Heroku's own numbers. */
export const ROUTER_PATIENCE = {
  connect: 5000,
  request: 30_000,
  idle: 55_000,
  queue: 75_000,
  quarantine: 5000,
  backlog: 50,
} as const

/** Where a browser finds the app. */
export function routerUrl({ port, host, tls }: Pick<RouterSettings, 'port' | 'host' | 'tls'>): string {
  const name =
    host === null || host === '0.0.0.0' || host === '::'
      ? 'localhost'
      : host.includes(':')
        ? `[${host}]`
        : host
  return `${tls ? 'https' : 'http'}://${name}:${port}/`
}

/** How many dynos are tried for one request. */
const ATTEMPTS = 10

/** What the router chooses by. */
export type Choice = {
  readonly formed: Formed | null
  readonly dynos: readonly Dyno[]
  readonly isInMaintenance: boolean
  /** Lives that take no connections, and until when. */
  readonly quarantined: ReadonlyMap<number, number>
  /** Requests that have no answer yet, also those that have no dyno. */
  readonly waiting: number
}

/** What becomes of a request now. */
export type Verdict =
  | { readonly is: 'go'; readonly dyno: FormationDyno }
  /** For a dyno that is about to be up, or to take connections again. */
  | { readonly is: 'wait'; readonly code: 'H20' | 'H99' }
  | { readonly is: 'refused'; readonly code: RouterCode }
  /** Every dyno that could take it was tried. */
  | { readonly is: 'tried' }

/** One request that needs a dyno. */
export type Seeker = {
  /** Lives that did not take it. */
  readonly tried: ReadonlySet<number>
  /** Whether it has just come: one that waits already is not turned away. */
  readonly isNew: boolean
  readonly now: number
  /** From 0 to 1: decides between several. */
  readonly chance: number
}

/** Who takes a request: one of the web dynos that are up, at random, and nobody else. */
export function chooseDyno(choice: Choice, { tried, isNew, now, chance }: Seeker): Verdict {
  const { formed, dynos, isInMaintenance, quarantined, waiting } = choice
  if (isInMaintenance) return { is: 'refused', code: 'H80' }
  const settings = formed?.release.router
  if (!formed || !settings) return { is: 'refused', code: 'H14' }
  if (formed.release.stack.processTypes.size === 0) return { is: 'refused', code: 'H81' }
  const wanted = formed.held ? (formed.wanted.get(WEB)?.quantity ?? 0) : 0
  if (wanted === 0) return { is: 'refused', code: 'H14' }
  if (isNew && waiting > settings.backlog * wanted) return { is: 'refused', code: 'H11' }
  const webs = dynos.filter((dyno): dyno is FormationDyno => dyno.kind === 'formation' && dyno.type === WEB)
  const up = webs.filter(({ state }) => state.is === 'up')
  const fresh = up.filter(({ life }) => !tried.has(life))
  const open = fresh.filter(({ life }) => (quarantined.get(life) ?? 0) <= now)
  if (tried.size < ATTEMPTS && open.length > 0) {
    return { is: 'go', dyno: open[Math.min(open.length - 1, Math.floor(chance * open.length))]! }
  }
  if (tried.size > 0 && (fresh.length === 0 || tried.size >= ATTEMPTS)) return { is: 'tried' }
  if (up.length > 0) return { is: 'wait', code: 'H99' }
  return webs.some(isComing) ? { is: 'wait', code: 'H20' } : { is: 'refused', code: 'H10' }
}

// One that crashed waits for its back-off, and a request does not.
function isComing({ state }: FormationDyno): boolean {
  return state.is !== 'crashed' && !('next' in state && state.next === 'gone')
}
