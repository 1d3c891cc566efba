import type { Dyno, OneOff, OneOffState } from './dyno.ts'
import { type Effect, finish, SIGNALS, signal, spawn, system, wake } from './effect.ts'
import { changed, exitLine, kill, killAtOnce, terminate } from './ending.ts'
import { PROMPT } from './environment.ts'
import type { Event } from './event.ts'
import type { Exit } from './exit.ts'
import { judgeMemory } from './memory.ts'
import type { Patience } from './patience.ts'
import { Problem } from './problem.ts'
import type { TerminalSize } from './terminal-size.ts'

/** What becomes of a one-off; `over` when there is nothing left of it. */
export type OneOffStep = readonly [state: OneOffState | 'over', effects: readonly Effect[]]

/** The table of a one-off: one row a state, one case an event. `now` is in milliseconds since 1970. */
export function stepOneOff(dyno: OneOff, event: Event, now: number, patience: Patience): OneOffStep {
  const { state } = dyno
  const fact = 'fact' in event ? event.fact : undefined
  if ('fact' in event && event.fact === 'exited') return over(dyno, event.exit)
  if (fact === 'due' && 'due' in state && state.due > now) return [state, []]
  if ('fact' in event && event.fact === 'measured') return measured(dyno, event.bytes)
  if ('order' in event && event.order === 'kill') return killed(dyno)
  const ended = 'order' in event && (event.order === 'stop' || event.order === 'close')
  switch (state.is) {
    case 'awaiting':
      if (fact === 'attached') return start(dyno)
      if (fact === 'due') return unattended(dyno)
      return ended || fact === 'hung up' ? over(dyno, { how: 'signal', signal: SIGNALS.TERM }) : [state, []]
    case 'starting':
      if (fact === 'spawned') return [{ is: 'up' }, [changed(dyno, 'starting', 'up')]]
      if (fact === 'hung up') return hangUp(dyno, 1, now, patience)
      return ended ? stopping(dyno, now, patience) : [state, []]
    case 'up':
      if (fact === 'hung up') return hangUp(dyno, 1, now, patience)
      return ended ? stopping(dyno, now, patience) : [state, []]
    case 'hanging up':
      if (ended) return stopping(dyno, now, patience)
      if (fact !== 'due') return [state, []]
      if (state.times < patience.hangups) return hangUp(dyno, state.times + 1, now, patience)
      return detached(dyno, now, patience)
    case 'stopping':
      if (fact !== 'due') return [state, []]
      if (now < state.killAt) return [{ ...state, due: state.killAt }, nudge(dyno, state.killAt)]
      return [{ is: 'killed' }, kill(dyno, patience)]
    case 'killed':
      return [state, []]
    default:
      return state satisfies never
  }
}

/** A dyno that waits for its client, with the terminal that the client has come with; undefined leaves it. */
export function onTerminal(dyno: Dyno, terminal: TerminalSize | null | undefined): Dyno {
  if (terminal === undefined || dyno.state.is !== 'awaiting') return dyno
  const environment = { ...(terminal ? PROMPT : {}), ...dyno.launch.environment }
  return { ...dyno, launch: { ...dyno.launch, environment, terminal } } as Dyno
}

/** The first lines of a one-off; a detached one starts at once. */
export function beginOneOff(dyno: OneOff): readonly Effect[] {
  if (dyno.state.is === 'awaiting') return [system(dyno, 'Awaiting client'), wake(dyno, dyno.state.due)]
  return start(dyno)[1]
}

function start(dyno: OneOff): OneOffStep {
  const line = system(dyno, `Starting process with command \`${dyno.launch.line}\``)
  return [{ is: 'starting' }, [line, spawn(dyno)]]
}

function unattended(dyno: OneOff): OneOffStep {
  const problem = new Problem('timeout', 'Timeout awaiting process')
  const line = system(dyno, 'Error R13 (Attach error) -> Failed to attach to process')
  // It has no process that could have exited; the problem is for a client that comes after all.
  const complete = changed(dyno, 'starting', 'complete')
  return ['over', [line, complete, finish(dyno, { how: 'failed', problem })]]
}

function hangUp(dyno: OneOff, times: number, now: number, patience: Patience): OneOffStep {
  const line = system(dyno, 'Client connection closed. Sending SIGHUP to all processes')
  const due = now + patience.hangup
  return [{ is: 'hanging up', times, due }, [line, signal(dyno, 'HUP'), wake(dyno, due)]]
}

// Heroku lets such a process live on; here nobody would ever end it.
function detached(dyno: OneOff, now: number, patience: Patience): OneOffStep {
  const text =
    'Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.'
  const [state, effects] = stopping(dyno, now, patience)
  return [state, [system(dyno, text), ...effects]]
}

function stopping(dyno: OneOff, now: number, patience: Patience): OneOffStep {
  const killAt = now + patience.grace
  const due = dyno.launch.terminal ? Math.min(killAt, now + patience.nudge) : killAt
  return [{ is: 'stopping', killAt, due }, terminate(dyno, due)]
}

// Nobody waits for its end any longer.
function killed(dyno: OneOff): OneOffStep {
  if (dyno.state.is === 'awaiting') return over(dyno, { how: 'signal', signal: SIGNALS.KILL })
  if (dyno.state.is === 'killed') return [dyno.state, []]
  return [{ is: 'killed' }, killAtOnce(dyno)]
}

// SIGHUP as well, for an interactive shell ignores SIGTERM.
function nudge(dyno: OneOff, killAt: number): readonly Effect[] {
  return [signal(dyno, 'HUP'), wake(dyno, killAt)]
}

function measured(dyno: OneOff, bytes: number): OneOffStep {
  if (dyno.state.is !== 'up') return [dyno.state, []]
  const { kills, effects } = judgeMemory(dyno, bytes)
  return [kills ? { is: 'killed' } : dyno.state, effects]
}

function over(dyno: OneOff, exit: Exit): OneOffStep {
  const before = dyno.state.is === 'awaiting' || dyno.state.is === 'starting' ? 'starting' : 'up'
  return ['over', [exitLine(dyno, exit), changed(dyno, before, 'complete'), finish(dyno, exit)]]
}
