import { withPort } from './command.ts'
import { type FormationDyno, type FormationState, type Next, stateWord } from './dyno.ts'
import { type Effect, finish, signal, spawn, system, wake } from './effect.ts'
import { changed, exitLine, kill, killAtOnce, terminate } from './ending.ts'
import type { Event } from './event.ts'
import type { Exit } from './exit.ts'
import { judgeMemory } from './memory.ts'
import { WEB } from './name.ts'
import { backoffAfter, cycleAt, inSeconds, type Patience } from './patience.ts'

/** What becomes of a dyno of the formation; `over` when this life is. */
export type FormationStep = readonly [becomes: FormationDyno | 'over', effects: readonly Effect[]]

/** The table of a formation dyno, for events that are meant for it: one row a state, one case an event. `now` is in milliseconds since 1970. */
export function stepFormationDyno(
  dyno: FormationDyno,
  event: Event,
  now: number,
  patience: Patience,
): FormationStep {
  const { state } = dyno
  if ('order' in event) return event.order === 'kill' ? killed(dyno) : restart(dyno, now, patience)
  if (state.is === 'crashed') return [dyno, []] // its life is over; that it is due is for the formation to act on
  if (event.fact === 'exited') return exited(dyno, event.exit, now, patience)
  const isDue = event.fact === 'due' && 'due' in state && state.due !== undefined && state.due <= now
  switch (state.is) {
    case 'starting':
      return event.fact === 'spawned' ? spawned(dyno, now, patience) : [dyno, []]
    case 'booting':
      if (event.fact === 'listening') return up(dyno, now, patience)
      if (event.fact === 'measured') return measured(dyno, event.bytes, 'starting')
      return isDue ? bootTimeout(dyno, patience) : [dyno, []]
    case 'up':
      if (event.fact === 'measured') return measured(dyno, event.bytes, 'up')
      return isDue ? cycle(dyno, now, patience) : [dyno, []]
    case 'draining':
      return isDue || event.fact === 'drained' ? terminated(dyno, state.next, now, patience) : [dyno, []]
    case 'stopping':
      if (!isDue) return [dyno, []]
      return [becoming(dyno, { is: 'killed', next: state.next }), kill(dyno, patience)]
    case 'killed':
    case 'failing':
      return [dyno, []]
    default:
      return state satisfies never
  }
}

/** The first life of a dyno, or a later one. */
export function beginFormationDyno(dyno: FormationDyno): readonly Effect[] {
  const line = withPort(dyno.launch.line, dyno.port)
  return [system(dyno, `Starting process with command \`${line}\``), spawn(dyno)]
}

/** Asks a dyno to end that is not wanted any more, or not in this life. */
export function stopFormationDyno(
  dyno: FormationDyno,
  next: Next,
  now: number,
  patience: Patience,
): FormationStep {
  const { state } = dyno
  if (state.is === 'crashed') {
    return ['over', next === 'gone' ? [changed(dyno, 'crashed', 'down')] : []]
  }
  if (state.is === 'draining' && patience.drain === null) return terminated(dyno, next, now, patience)
  if ('next' in state) return [becoming(dyno, { ...state, next }), []]
  if (state.is === 'failing') return [dyno, []]
  const [from, to] = [stateWord(state), next === 'gone' ? 'down' : 'starting']
  const lines = from === to ? [] : [changed(dyno, from, to)]
  const drains = state.is === 'up' && dyno.type === WEB && patience.drain !== null
  if (!drains) {
    const [becomes, effects] = terminated(dyno, next, now, patience)
    return [becomes, [...lines, ...effects]]
  }
  const due = now + patience.drain
  const effects: Effect[] = [{ effect: 'drain', life: dyno.life }, wake(dyno, due)]
  return [becoming(dyno, { is: 'draining', due, next }), [...lines, ...effects]]
}

function terminated(dyno: FormationDyno, next: Next, now: number, { grace }: Patience): FormationStep {
  const due = now + grace
  return [becoming(dyno, { is: 'stopping', due, next }), terminate(dyno, due)]
}

// Nobody waits for its end any longer.
function killed(dyno: FormationDyno): FormationStep {
  if (dyno.state.is === 'crashed') return ['over', [changed(dyno, 'crashed', 'down')]]
  if (dyno.state.is === 'killed' || dyno.state.is === 'failing') return [dyno, []]
  return [becoming(dyno, { is: 'killed', next: 'gone' }), killAtOnce(dyno)]
}

function restart(dyno: FormationDyno, now: number, patience: Patience): FormationStep {
  if (dyno.state.is === 'crashed') {
    return [becoming({ ...dyno, crashes: 0 }, { is: 'crashed', due: now }), [system(dyno, 'Restarting')]]
  }
  const isLiving = dyno.state.is === 'starting' || dyno.state.is === 'booting' || dyno.state.is === 'up'
  if (!isLiving) return [dyno, []]
  const [becomes, effects] = stopFormationDyno(dyno, 'again', now, patience)
  return [becomes, [system(dyno, 'Restarting'), ...effects]]
}

function cycle(dyno: FormationDyno, now: number, patience: Patience): FormationStep {
  const [becomes, effects] = stopFormationDyno(dyno, 'again', now, patience)
  return [becomes, [system(dyno, 'Cycling'), ...effects]]
}

// A web dyno is up when it has bound its port, any other as soon as it runs.
function spawned(dyno: FormationDyno, now: number, patience: Patience): FormationStep {
  if (dyno.type !== WEB) return up(dyno, now, patience)
  const due = dyno.startedAt + patience.boot
  const watch: Effect = { effect: 'watch port', life: dyno.life, port: dyno.port }
  return [becoming(dyno, { is: 'booting', due }), [watch, wake(dyno, due)]]
}

function up(dyno: FormationDyno, now: number, patience: Patience): FormationStep {
  const due = cycleAt(now, dyno.life, patience)
  const line = changed(dyno, 'starting', 'up')
  if (due === undefined) return [becoming(dyno, { is: 'up' }), [line]]
  return [becoming(dyno, { is: 'up', due }), [line, wake(dyno, due)]]
}

function bootTimeout(dyno: FormationDyno, { boot }: Patience): FormationStep {
  const text = `Error R10 (Boot timeout) -> Web process failed to bind to $PORT within ${inSeconds(boot)} seconds of launch`
  const lines = [system(dyno, text), system(dyno, 'Stopping process with SIGKILL')]
  return [becoming(dyno, { is: 'failing', from: 'starting' }), [...lines, signal(dyno, 'KILL')]]
}

function measured(dyno: FormationDyno, bytes: number, from: 'starting' | 'up'): FormationStep {
  const { kills, effects } = judgeMemory(dyno, bytes)
  return [kills ? becoming(dyno, { is: 'failing', from }) : dyno, effects]
}

// Whatever a dyno of the formation exits with, if nobody asked it to it crashed.
function exited(dyno: FormationDyno, exit: Exit, now: number, patience: Patience): FormationStep {
  const { state } = dyno
  const lines = [exitLine(dyno, exit), finish(dyno, exit)]
  if ('next' in state) return ['over', lines]
  const wasUp = stateWord(state) === 'up' && now - dyno.since > patience.backoff
  const crashes = wasUp ? 1 : dyno.crashes + 1
  const due = now + backoffAfter(crashes, patience)
  const line = changed(dyno, stateWord(state), 'crashed')
  const effects = [...lines, line, ...(due > now ? [wake(dyno, due)] : [])]
  return [becoming({ ...dyno, crashes }, { is: 'crashed', due }), effects]
}

function becoming(dyno: FormationDyno, state: FormationState): FormationDyno {
  return { ...dyno, state }
}
