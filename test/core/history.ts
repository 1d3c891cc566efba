import type { Effect, Event, Order } from '../../src/core/event.ts'
import { exitStatus } from '../../src/core/exit.ts'
import { emptyManifold, type Manifold, step } from '../../src/core/manifold.ts'
import { Problem } from '../../src/core/problem.ts'

/** Something that happens at a time, in milliseconds. */
export type Happening = readonly [at: number, event: Event]

/** What a history made of the manifold, and all that was to be done, each in a line of text. */
export type Outcome = { readonly manifold: Manifold; readonly done: readonly string[] }

/** Plays a history from the start, or from where an earlier one ended. */
export function play(history: readonly Happening[], from: Manifold = emptyManifold(1)): Outcome {
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
    launch: (name) => ({
      line: 'node worker.js 42',
      slug: 'a slug',
      environment: { DYNO: name },
      terminal,
      walls: null,
    }),
  }
}

export const stop = (name = 'run.1'): Event => ({ order: 'stop', name })
export const close: Event = { order: 'close' }
export const attached = (life = 1): Event => ({ fact: 'attached', life })
export const hungUp = (life = 1): Event => ({ fact: 'hung up', life })
export const spawned = (life = 1): Event => ({ fact: 'spawned', life })
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
    case 'wake':
      return `wake ${effect.life} at ${effect.at}`
    case 'finish':
      return `finish ${effect.life} ${effect.name} ${exitStatus(effect.exit)}`
    case 'remember':
      return `remember ${effect.nextOneOff}`
    default:
      return effect satisfies never
  }
}
