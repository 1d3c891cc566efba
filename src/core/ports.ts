import { type DynoName, dynoName, WEB } from './name.ts'
import { Problem } from './problem.ts'

/** The port of the first type's first dyno, where nobody names another: foreman's. */
export const DEFAULT_BASE_PORT = 5000

const HIGHEST_PORT = 65_535

/** Also how far the ports of two types are apart. */
export const MOST_DYNOS = 100

/** Where a base port may be named, strongest first; an empty text names none. */
export type BasePortSources = {
  /** `-p` */
  readonly flag: string | undefined
  /** `PORT` of the config vars. */
  readonly config: string | undefined
  /** `PORT` of the caller's shell. */
  readonly shell: string | undefined
}

/** The base port that wins: flag, `.env`, shell, 5000; throws a Problem that says where a wrong one comes from. */
export function basePort({ flag, config, shell }: BasePortSources): number {
  if (flag !== undefined) return namedPort(flag, 'usage', '-p')
  if (config) return namedPort(config, 'config', 'PORT in .env')
  if (shell) return namedPort(shell, 'usage', 'PORT in your shell')
  return DEFAULT_BASE_PORT
}

/** The port this text names; undefined when it is no number from 1 to 65535. */
export function parsePort(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port >= 1 && port <= HIGHEST_PORT ? port : undefined
}

/** What ports are counted by. */
export type PortPlan = {
  /** All types of the Procfile that can be started, in order. */
  readonly types: readonly string[]
  readonly base: number
  /** Whether a router has the base port: then web comes first and its dynos have the ports behind. */
  readonly routed: boolean
}

/**
 * `$PORT` of a formation dyno: 100 for each type before its own in the Procfile, 1 for each dyno before it. So it is
 * the same however many run. Throws a Problem when there is no such port.
 */
export function portOf({ type, number }: DynoName, { types, base, routed }: PortPlan): number {
  const order = routed ? [WEB, ...types.filter((other) => other !== WEB)] : types
  const index = order.indexOf(type)
  if (index < 0) throw new Error(`${type} is not in the Procfile`)
  const name = dynoName(type, number)
  const isBehind = routed && type === WEB
  const most = isBehind ? MOST_DYNOS - 1 : MOST_DYNOS
  if (number > most) {
    const sentence = `${name} would take a port of the next type; scale ${type} to ${most} or fewer.`
    throw new Problem('invalid', sentence)
  }
  const port = base + index * MOST_DYNOS + number - (isBehind ? 0 : 1)
  if (port <= HIGHEST_PORT) return port
  const sentence = `Port ${port} of ${name} is above ${HIGHEST_PORT}; choose a lower base port with -p.`
  throw new Problem('invalid', sentence)
}

/** The port a one-off is told: five digits, never listened for, since nothing is ever routed to a one-off. */
export function oneOffPort(number: number): number {
  return 20_000 + (number % 10_000)
}

function namedPort(text: string, code: 'usage' | 'config', from: string): number {
  const port = parsePort(text)
  if (port !== undefined) return port
  throw new Problem(code, `${from} must be a number from 1 to ${HIGHEST_PORT}, not '${text}'.`)
}
