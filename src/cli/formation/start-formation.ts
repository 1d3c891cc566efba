import type { Socket } from 'node:net'
import { envDialect } from '../../core/config/config.ts'
import { type Formation, type FormationUpdate, isStartable, startFormation } from '../../core/formation.ts'
import { basePort } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import type { Reply } from '../../edge/dial-manifold.ts'
import { joinAt } from '../ask-dynos.ts'
import { askChoice, canAsk } from '../ask-person.ts'
import { DYNO_FLAGS, type Flag, type Typed } from '../command.ts'
import { askIfThere, order, startIfMissing } from '../dial.ts'
import { secondsOf } from '../flag-numbers.ts'
import type { OurTerminal } from '../our-terminal.ts'
import { appPath, type Place } from '../place.ts'
import { complain, warn } from '../print.ts'
import { tellOverridden } from '../releases/tell-changed.ts'
import { prepareStack, type StackOptions } from '../stack.ts'
import { ROUTER_FLAGS, routerOf } from './router-flags.ts'

/** Flags of `dyno start`, but for how it is shown. */
export const FORMATION_FLAGS: readonly Flag[] = [
  { name: 'procfile', short: 'f', value: 'FILE', help: 'another Procfile' },
  { name: 'env', short: 'e', value: 'FILE[,FILE]', help: 'config vars from these files (default: .env)' },
  {
    name: 'env-dialect',
    value: 'NAME',
    words: [{ oneOf: ['dotenv', 'shell'] }],
    help: "'shell' fills in $NAME in these files as well",
  },
  {
    name: 'port',
    short: 'p',
    value: 'PORT',
    help: "the router's port (default: PORT of .env or the shell, or 5000); each type has the 100 behind",
  },
  {
    name: 'formation',
    short: 'm',
    value: 'TYPE=N,…',
    help: 'how many of each type, as the words TYPE=N say',
  },
  { name: 'heroku-defaults', help: 'one web and nothing else, as at a first deploy to Heroku' },
  { name: 'live', help: 'run on the app folder itself, not on copies: for servers that reload themselves' },
  { name: 'exit-on-crash', help: 'the first dyno that ends stops all, and its status is ours' },
  { name: 'grace', value: 'SECONDS', help: 'how long a dyno has from SIGTERM to SIGKILL (default 30)' },
  { name: 'boot-timeout', value: 'SECONDS', help: 'how long web has to bind its port (default 60)' },
  {
    name: 'backoff',
    value: 'SECONDS',
    help: 'the wait after a second crash in a row, then doubled (default 10; Heroku: 600)',
  },
  { name: 'cycle', value: 'SECONDS', help: 'give every dyno a new life at this age (Heroku: 86400)' },
  ...ROUTER_FLAGS,
  ...DYNO_FLAGS,
]

const PATIENCE_FLAGS = { grace: 'grace', boot: 'boot-timeout', backoff: 'backoff', cycle: 'cycle' } as const

/** Who holds it, and whether nothing is drawn or asked: then the terminal is somebody else's. */
type Holding = { readonly leased: boolean; readonly isQuiet?: boolean }

/** Starts the formation that was typed; answers with where to hold it, when somebody does. */
export async function beginFormation(
  place: Place,
  { flags, words }: Typed,
  { tty, terminal, leased, isQuiet = false }: OurTerminal & Holding,
): Promise<string | null> {
  const patience = secondsOf(flags, PATIENCE_FLAGS)
  const router = routerOf(flags)
  const { ready } = await startIfMissing(place, tty ? 'terminal' : 'pipes')
  ready.catch(() => {}) // what is wrong with the app is said first
  const stack = await prepareStack(place, { ...stackOptions(flags, tty), isQuiet })
  if (!isQuiet) tellOverridden(place, stack.config, flags.get('env'))
  const types = stack.process_types.map(([type]) => type)
  const asked = [...(flags.get('formation') ?? '').split(','), ...words].filter((word) => word !== '')
  const apart = types.filter((type) => !isStartable(type))
  if (apart.length > 0 && asked.length === 0) {
    complain(
      `${apart.join(' and ')} ${apart.length > 1 ? 'are' : 'is'} never part of the formation; run it with 'dyno run ${apart[0]}'.`,
    )
  }
  const formation = startFormation(types, asked, { herokuDefaults: flags.has('heroku-defaults') })
  const body = {
    stack,
    updates: wholeFormation(formation),
    port: basePort({ flag: flags.get('port'), config: stack.config['PORT'], shell: process.env['PORT'] }),
    ...terminal,
    ...(flags.has('walls') ? { walls: flags.get('walls') } : {}),
    ...(flags.has('live') ? { live: place.app.root } : {}),
    ...(router ? { router } : {}),
    patience,
    exit_on_crash: flags.has('exit-on-crash'),
    starts_new_types: asked.length === 0 && !flags.has('heroku-defaults'),
    lease: leased,
  }
  await ready
  const { body: started, warning } = await startAt(place, body, { asks: !isQuiet && canAsk(), isQuiet })
  if (warning) warn(warning)
  return (started as { attach_url: string | null }).attach_url
}

/** The connection that holds the formation, at the address that its start answered with; throws a Problem when it is gone. */
export async function joinFormation(place: Place, url: string): Promise<Socket> {
  const socket = await joinAt(place, url)
  if (socket) return socket
  throw new Problem('manifold', 'The formation ended at once; see why with dyno logs.')
}

/** What its stack is made of. */
export function stackOptions(flags: Typed['flags'], tty: boolean): StackOptions {
  return {
    slugFile: flags.get('slug'),
    inherit: flags.has('inherit-env'),
    tty,
    procfile: flags.get('procfile'),
    configFiles: flags.get('env'),
    dialect: envDialect(flags.get('env-dialect') ?? 'dotenv'),
  }
}

// A port that is taken is nobody's mistake: who can be asked may take the one that is free.
async function startAt(
  place: Place,
  body: { readonly port: number },
  { asks, isQuiet }: { readonly asks: boolean; readonly isQuiet: boolean },
): Promise<Reply> {
  const start = (body: object) => patiently(place, body, isQuiet)
  try {
    return await start(body)
  } catch (error) {
    if (!(error instanceof Problem && error.offer !== undefined && asks)) throw error
    const answer = await askChoice(error.message, [`Start at port ${error.offer}`, 'Start nothing'])
    if (answer !== 0) throw error
    return start({ ...body, port: error.offer })
  }
}

/** How soon a person hears why a start takes long, in milliseconds. */
const SILENCE = 1000

// A start waits for the end of the formation before, and that for its dynos, which may take their time to stop.
async function patiently(place: Place, body: object, isQuiet: boolean): Promise<Reply> {
  const path = `${appPath(place)}/formation`
  let over = isQuiet
  const timer = setTimeout(async () => {
    const before = await askIfThere(place, { method: 'GET', path }).catch(() => undefined)
    if (before && !over) complain('The formation before is still ending; this one starts then.')
  }, SILENCE)
  try {
    return await order(place, { method: 'POST', path, body })
  } finally {
    over = true
    clearTimeout(timer)
  }
}

/** Changes of the formation as the Platform API takes them. */
export function updatesBody(updates: readonly FormationUpdate[]) {
  return updates.map(({ type, quantity, size }) => ({
    type,
    ...(quantity ? { quantity: `${quantity.sign}${quantity.count}` } : {}),
    ...(size ? { size } : {}),
  }))
}

/** All of a formation as updates of the Platform API. */
export function wholeFormation(formation: Formation) {
  return [...formation].map(([type, { quantity, size }]) => ({ type, quantity, size }))
}
