import type { Launch } from './dyno.ts'
import { dynoEnvironment, type Environment } from './environment.ts'
import { isStartable, type Wanted } from './formation.ts'
import { type DynoName, dynoName } from './name.ts'
import type { Patience } from './patience.ts'
import { type PortPlan, portOf } from './ports.ts'
import type { RouterSettings } from './router/router.ts'
import type { TerminalSize } from './terminal-size.ts'
import type { WallsKind } from './walls.ts'

/** What dynos run on. */
export type Stack = {
  /** The slug's SHA-256. */
  readonly slug: string
  readonly processTypes: ReadonlyMap<string, string>
  readonly config: Environment
  /** What the caller's shell lends: PATH, LANG … */
  readonly caller: Environment
  /** Its config vars are those of the app's .env, and of no other file. */
  readonly ofDotenv?: boolean
}

/** What a formation runs on: slug, config vars and Procfile, and how its dynos are started. */
export type Release = {
  readonly version: number
  readonly stack: Stack
  readonly basePort: number
  /** How it is routed to; null where its web dynos are reached by their own ports only. */
  readonly router: RouterSettings | null
  /** The terminal every dyno gets, or null for pipes. */
  readonly terminal: TerminalSize | null
  readonly walls: WallsKind | null
  /** The app folder, where dynos run on it and not on the slug. */
  readonly live: string | null
  /** Where its dynos' walls note what they did; usually nowhere. */
  readonly watched?: string
  /** How long its dynos are waited for. */
  readonly patience: Patience
  /** The first dyno that ends by itself ends the formation, as with foreman. */
  readonly exitOnCrash: boolean
  /** Whether a type that a later release brings begins with one dyno, or with none as on Heroku. */
  readonly startsNewTypes: boolean
}

/** What a formation dyno is told and started with; throws a Problem when there is no port for it. */
export function formationLaunch(
  release: Release,
  { type, number }: DynoName,
): { port: number; launch: Launch } {
  const { stack, terminal, walls, live, watched } = release
  const { slug, processTypes } = stack
  const port = portOf({ type, number }, portPlan(release))
  const environment = stackEnvironment(stack, { extra: {}, dyno: dynoName(type, number), port, terminal })
  return {
    port,
    launch: {
      ...{ line: processTypes.get(type)!, slug, environment, terminal, walls },
      ...(live === null ? {} : { live }),
      ...(watched === undefined ? {} : { watched }),
    },
  }
}

/** The environment of a dyno on this stack. */
export function stackEnvironment(
  { caller, config }: Stack,
  own: { extra: Environment; dyno: string; port: number; terminal: TerminalSize | null },
): Environment {
  const { extra, dyno, port, terminal } = own
  return dynoEnvironment({ caller, config, extra, dyno, port, home: '/app', tty: terminal !== null })
}

/** What the ports of its dynos are counted by: types that never run need none. */
export function portPlan({ stack, basePort, router }: Release): PortPlan {
  const types = [...stack.processTypes.keys()].filter(isStartable)
  return { types, base: basePort, routed: router !== null }
}

/** The whole formation in the words of Heroku's log: `web@2:Basic worker@0:Basic`. */
export function formationText(formation: ReadonlyMap<string, Wanted>): string {
  return [...formation].map(([type, { quantity, size }]) => `${type}@${quantity}:${size}`).join(' ')
}
