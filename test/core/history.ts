import type { Effect } from '../../src/core/effect.ts'
import type { Event, Order } from '../../src/core/event.ts'
import { exitStatus } from '../../src/core/exit.ts'
import type { Formation } from '../../src/core/formation.ts'
import { emptyManifold, type Manifold } from '../../src/core/manifold.ts'
import { PATIENCE } from '../../src/core/patience.ts'
import { Problem } from '../../src/core/problem.ts'
import type { Release } from '../../src/core/release.ts'
import { step } from '../../src/core/step.ts'

/** Something that happens at a time, in milliseconds. */
export type Happening = readonly [at: number, event: Event]

/** What a history made of the manifold, and all that was to be done, each in a line of text. */
export type Outcome = { readonly manifold: Manifold; readonly done: readonly string[] }

/** A manifold without dynos, with Heroku's patience. */
export const EMPTY: Manifold = emptyManifold(1, PATIENCE, '')

/** Plays a history from the start, or from where an earlier one ended. */
export function play(history: readonly Happening[], from: Manifold = EMPTY): Outcome {
  let manifold = from
  const done: string[] = []
  for (const [at, event] of history) {
    const [after, effects] = step(manifold, event, at)
    manifold = after
    done.push(...effects.map(describe))
  }
  return { manifold, done }
}

/** Only what was logged. */
export function logged({ done }: Outcome): string[] {
  return done.filter((line) => /^(app|heroku)\[/.test(line))
}

/** `run.1 up` for every dyno there is. */
export function states({ manifold }: Outcome): string[] {
  return manifold.dynos.map(({ name, state }) => `${name} ${state.is}`)
}

/** An order to run `worker 42`, attached and without a terminal unless said otherwise. */
export function run(options: { attached?: boolean; terminal?: boolean } = {}): Order {
  const terminal = options.terminal ? { columns: 80, rows: 24 } : null
  return {
    order: 'run',
    id: 'an id',
    command: 'worker 42',
    size: 'Basic',
    attached: options.attached ?? true,
    user: 'ada',
    version: null,
    launch: (name) => ({
      line: 'node worker.js 42',
      slug: 'a slug',
      environment: { DYNO: name },
      terminal,
      walls: null,
    }),
  }
}

/** What is wanted, of the size Basic: `{ web: 2 }`. */
export function wanted(quantities: Readonly<Record<string, number>>): Formation {
  return new Map(
    Object.entries(quantities).map(([type, quantity]) => [type, { quantity, size: 'Basic' }] as const),
  )
}

/** Starts a formation of `web`, `worker` and `clock`, whose commands are `node TYPE.js`; web's names its port. */
export function start(
  quantities: Readonly<Record<string, number>>,
  {
    patience,
    ...parts
  }: Partial<Omit<Release, 'patience'>> & { patience?: Partial<Release['patience']> } = {},
): Order {
  const processTypes = new Map([
    ['web', 'node web.js $PORT'],
    ['worker', 'node worker.js'],
    ['clock', 'node clock.js'],
  ])
  const release: Release = {
    version: 1,
    stack: { slug: 'a slug', processTypes, config: {}, caller: {} },
    basePort: 5000,
    router: null,
    terminal: null,
    walls: null,
    live: null,
    patience: { ...PATIENCE, ...patience },
    exitOnCrash: false,
    startsNewTypes: false,
    ...parts,
  }
  const formation = wanted({ web: 0, worker: 0, clock: 0, ...quantities })
  return { order: 'release', release, formation, user: 'ada' }
}

export const scale = (quantities: Readonly<Record<string, number>>): Order => {
  return { order: 'scale', formation: wanted({ web: 0, worker: 0, clock: 0, ...quantities }), user: 'ada' }
}
export const restart = (...names: string[]): Order => ({ order: 'restart', names })
export const letGo: Order = { order: 'let go' }
export const kill: Order = { order: 'kill' }
export const killAll: Order = { order: 'kill', oneOffs: true }
export const listening = (life = 1): Event => ({ fact: 'listening', life })
/** In megabytes. */
export const measured = (megabytes: number, life = 1): Event => ({
  fact: 'measured',
  life,
  bytes: megabytes * 2 ** 20,
})

export const stop = (name = 'run.1'): Event => ({ order: 'stop', name })
export const close: Event = { order: 'close' }
export const attached = (life = 1): Event => ({ fact: 'attached', life })
export const hungUp = (life = 1): Event => ({ fact: 'hung up', life })
export const spawned = (life = 1): Event => ({ fact: 'spawned', life })
export const drained = (life = 1): Event => ({ fact: 'drained', life })
export const due = (life = 1): Event => ({ fact: 'due', life })
export const exited = (code = 0, life = 1): Event => ({ fact: 'exited', life, exit: { how: 'code', code } })
export const killedBy = (signal: number, life = 1): Event => {
  return { fact: 'exited', life, exit: { how: 'signal', signal } }
}
export const failed = (sentence: string, life = 1): Event => {
  return { fact: 'exited', life, exit: { how: 'failed', problem: new Problem('walls', sentence) } }
}

function describe(effect: Effect): string {
  switch (effect.effect) {
    case 'log':
      return `${effect.line.source}[${effect.line.ps}]: ${effect.line.message}`
    case 'spawn':
      return `spawn ${effect.life} ${effect.name} ${effect.launch.environment['DYNO']}`
    case 'signal':
      return `signal ${effect.life} ${effect.signal}`
    case 'drain':
      return `drain ${effect.life}`
    case 'watch port':
      return `watch port ${effect.port} for ${effect.life}`
    case 'dissolve':
      return `dissolve with ${effect.status}`
    case 'wake':
      return `wake ${effect.life} at ${effect.at}`
    case 'finish':
      return `finish ${effect.life} ${exitStatus(effect.exit)}`
    case 'remember':
      return `remember ${effect.nextOneOff}`
    default:
      return effect satisfies never
  }
}
