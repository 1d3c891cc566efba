import { type Dyno, type State, stateWord } from './dyno.ts'
import type { Effect, Event, Order } from './event.ts'
import { type Exit, exitStatus } from './exit.ts'
import { dynoName, ONE_OFF } from './name.ts'
import { Problem } from './problem.ts'

/** How long the manifold waits before it goes on, in milliseconds. */
export type Patience = {
  /** For the client of an attached one-off: R13. */
  readonly attach: number
  /** Between two SIGHUPs, … */
  readonly hangup: number
  /** … of which this many are sent. */
  readonly hangups: number
  /** After SIGTERM, until a terminal is hung up too: an interactive shell ignores SIGTERM. */
  readonly nudge: number
  /** After SIGTERM, until SIGKILL: R12. */
  readonly grace: number
}

/** Heroku's own numbers, but for `nudge`. */
export const PATIENCE: Patience = { attach: 30_000, hangup: 5000, hangups: 3, nudge: 3000, grace: 30_000 }

/** All that the manifold knows. */
export type Manifold = {
  readonly dynos: readonly Dyno[]
  readonly nextOneOff: number
  readonly nextLife: number
  readonly patience: Patience
}

type Step = readonly [manifold: Manifold, effects: readonly Effect[]]
type DynoStep = readonly [state: State | 'over', effects: readonly Effect[]]

/** An empty manifold; `nextOneOff` goes on where an earlier one stopped. */
export function emptyManifold(nextOneOff: number, patience: Patience = PATIENCE): Manifold {
  return { dynos: [], nextOneOff, nextLife: 1, patience }
}

/** What one event makes of the manifold, and what must be done about it. `now` is in milliseconds since 1970. */
export function step(manifold: Manifold, event: Event, now: number): Step {
  if ('fact' in event) {
    const dyno = manifold.dynos.find(({ life }) => life === event.life)
    return dyno ? moved(manifold, dyno, event, now) : [manifold, []]
  }
  switch (event.order) {
    case 'run':
      return begun(manifold, event, now)
    case 'stop': {
      const dyno = manifold.dynos.find(({ name }) => name === event.name)
      return dyno ? moved(manifold, dyno, event, now) : [manifold, []]
    }
    case 'close': {
      let result: Step = [manifold, []]
      for (const dyno of manifold.dynos) {
        const [next, effects] = moved(result[0], dyno, event, now)
        result = [next, [...result[1], ...effects]]
      }
      return result
    }
    default:
      return event satisfies never
  }
}

function begun(manifold: Manifold, order: Order & { order: 'run' }, now: number): Step {
  const { nextOneOff: number, nextLife: life } = manifold
  const name = dynoName(ONE_OFF, number)
  const { id, command, size, attached } = order
  const launch = order.launch(name, number)
  const started = { effect: 'spawn', life, name, launch } as const
  const state: State = attached ? { is: 'awaiting', due: now + manifold.patience.attach } : { is: 'starting' }
  const dyno: Dyno = { id, name, command, size, attached, createdAt: now, since: now, life, launch, state }
  const effects: Effect[] = [
    { effect: 'remember', nextOneOff: number + 1 },
    log('app', 'api', `Starting process with command \`${command}\` by user ${order.user}`),
    ...(attached
      ? [system(dyno, 'Awaiting client'), wake(dyno, now + manifold.patience.attach)]
      : [system(dyno, `Starting process with command \`${launch.line}\``), started]),
  ]
  const dynos = [...manifold.dynos, dyno]
  return [{ ...manifold, dynos, nextOneOff: number + 1, nextLife: life + 1 }, effects]
}

function moved(manifold: Manifold, dyno: Dyno, event: Event, now: number): Step {
  const [state, effects] = next(dyno, event, now, manifold.patience)
  if (state === dyno.state) return [manifold, effects]
  const dynos = manifold.dynos.flatMap((other) => {
    if (other !== dyno) return [other]
    if (state === 'over') return []
    return [{ ...dyno, state, since: stateWord(state) === stateWord(dyno.state) ? dyno.since : now }]
  })
  return [{ ...manifold, dynos }, effects]
}

// The table of a one-off: one row a state, one case an event.
function next(dyno: Dyno, event: Event, now: number, patience: Patience): DynoStep {
  const { state } = dyno
  if ('fact' in event && event.fact === 'exited') return over(dyno, event.exit)
  if ('fact' in event && event.fact === 'due' && 'due' in state && state.due > now) return [state, []]
  const ended = 'order' in event && event.order !== 'run'
  switch (state.is) {
    case 'awaiting':
      if ('fact' in event && event.fact === 'attached') return start(dyno)
      if ('fact' in event && event.fact === 'due') return unattended(dyno)
      return ended || isFact(event, 'hung up') ? over(dyno, { how: 'signal', signal: 15 }) : [state, []]
    case 'starting':
      if (isFact(event, 'spawned')) return [{ is: 'up' }, [system(dyno, changed('starting', 'up'))]]
      if (isFact(event, 'hung up')) return hangUp(dyno, 1, now, patience)
      return ended ? terminate(dyno, now, patience) : [state, []]
    case 'up':
      if (isFact(event, 'hung up')) return hangUp(dyno, 1, now, patience)
      return ended ? terminate(dyno, now, patience) : [state, []]
    case 'hanging up':
      if (ended) return terminate(dyno, now, patience)
      if (!isFact(event, 'due')) return [state, []]
      if (state.times < patience.hangups) return hangUp(dyno, state.times + 1, now, patience)
      return detached(dyno, now, patience)
    case 'stopping':
      if (!isFact(event, 'due')) return [state, []]
      return now < state.killAt ? nudge(dyno, state.killAt) : kill(dyno, patience)
    case 'killed':
      return [state, []]
    default:
      return state satisfies never
  }
}

function start(dyno: Dyno): DynoStep {
  const { life, name, launch } = dyno
  const line = system(dyno, `Starting process with command \`${launch.line}\``)
  return [{ is: 'starting' }, [line, { effect: 'spawn', life, name, launch }]]
}

function unattended(dyno: Dyno): DynoStep {
  const problem = new Problem('timeout', 'Timeout awaiting process')
  const line = system(dyno, 'Error R13 (Attach error) -> Failed to attach to process')
  const [state, effects] = over(dyno, { how: 'failed', problem })
  return [state, [line, ...effects]]
}

function hangUp(dyno: Dyno, times: number, now: number, patience: Patience): DynoStep {
  const line = system(dyno, 'Client connection closed. Sending SIGHUP to all processes')
  const due = now + patience.hangup
  return [{ is: 'hanging up', times, due }, [line, signal(dyno, 'HUP'), wake(dyno, due)]]
}

// Heroku lets such a process live on; here nobody would ever end it.
function detached(dyno: Dyno, now: number, patience: Patience): DynoStep {
  const text =
    'Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.'
  const [state, effects] = terminate(dyno, now, patience)
  return [state, [system(dyno, text), ...effects]]
}

function terminate(dyno: Dyno, now: number, patience: Patience): DynoStep {
  const killAt = now + patience.grace
  const due = dyno.launch.terminal ? Math.min(killAt, now + patience.nudge) : killAt
  const line = system(dyno, 'Stopping all processes with SIGTERM')
  return [{ is: 'stopping', killAt, due }, [line, signal(dyno, 'TERM'), wake(dyno, due)]]
}

function nudge(dyno: Dyno, killAt: number): DynoStep {
  return [{ is: 'stopping', killAt, due: killAt }, [signal(dyno, 'HUP'), wake(dyno, killAt)]]
}

function kill(dyno: Dyno, patience: Patience): DynoStep {
  const seconds = Math.round(patience.grace / 1000)
  const text = `Error R12 (Exit timeout) -> At least one process failed to exit within ${seconds} seconds of SIGTERM`
  const lines = [system(dyno, text), system(dyno, 'Stopping remaining processes with SIGKILL')]
  return [{ is: 'killed' }, [...lines, signal(dyno, 'KILL')]]
}

function over(dyno: Dyno, exit: Exit): DynoStep {
  const before = dyno.state.is === 'awaiting' || dyno.state.is === 'starting' ? 'starting' : 'up'
  const { life, name } = dyno
  const how = exit.how === 'failed' ? exit.problem.message : `Process exited with status ${exitStatus(exit)}`
  const lines = [system(dyno, how), system(dyno, changed(before, 'complete'))]
  return ['over', [...lines, { effect: 'finish', life, name, exit }]]
}

function isFact(event: Event, fact: 'hung up' | 'due' | 'spawned'): boolean {
  return 'fact' in event && event.fact === fact
}

function changed(from: string, to: string): string {
  return `State changed from ${from} to ${to}`
}

function signal(dyno: Dyno, name: 'HUP' | 'TERM' | 'KILL'): Effect {
  return { effect: 'signal', life: dyno.life, signal: name }
}

function wake(dyno: Dyno, at: number): Effect {
  return { effect: 'wake', life: dyno.life, at }
}

function system(dyno: Dyno, message: string): Effect {
  return log('heroku', dyno.name, message)
}

function log(source: 'app' | 'heroku', ps: string, message: string): Effect {
  return { effect: 'log', line: { source, ps, message } }
}
