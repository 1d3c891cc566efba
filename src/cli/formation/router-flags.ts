import type { Flag, Typed } from '../command.ts'
import { countOf, secondsOf } from '../flag-numbers.ts'

/** Flags of `dyno start` that are about the router. */
export const ROUTER_FLAGS: readonly Flag[] = [
  { name: 'no-router', help: "no router: web.1 has the first port itself, as foreman's" },
  { name: 'host', value: 'ADDRESS', help: 'where the router listens (default: on the loopback only)' },
  { name: 'tls', help: 'HTTPS on the same port, by a certificate of its own' },
  { name: 'request-timeout', value: 'SECONDS', help: 'for the first byte of an answer, H12 (default 30)' },
  { name: 'idle-timeout', value: 'SECONDS', help: 'between two bytes, H15 and H28 (default 55)' },
  { name: 'connect-timeout', value: 'SECONDS', help: 'for a connection to a dyno, H19 (default 5)' },
  {
    name: 'queue-timeout',
    value: 'SECONDS',
    help: 'for a dyno that takes a request, H20 and H99 (default 75)',
  },
  { name: 'backlog', value: 'N', help: 'requests that may wait for each web dyno, H11 (default 50)' },
]

const TIMES = {
  request: 'request-timeout',
  idle: 'idle-timeout',
  connect: 'connect-timeout',
  queue: 'queue-timeout',
} as const

/** The router as the Platform API takes it; null where there is to be none. */
export function routerOf(flags: Typed['flags']): Record<string, unknown> | null {
  const times = secondsOf(flags, TIMES)
  const backlog = countOf(flags, 'backlog', { of: 'requests', least: 1 })
  if (flags.has('no-router')) return null
  return { ...times, ...(backlog ? { backlog } : {}), host: flags.get('host') ?? null, tls: flags.has('tls') }
}
