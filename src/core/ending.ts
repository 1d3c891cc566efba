import type { Dyno } from './dyno.ts'
import { type Effect, signal, system, wake } from './effect.ts'
import { type Exit, exitStatus } from './exit.ts'
import { inSeconds, type Patience } from './patience.ts'

// How a dyno is brought to its end, the same for one-offs and for the formation: SIGTERM, patience, SIGKILL.

/** The times of an end that begins now, and what is done about it. */
export type Termination = {
  readonly killAt: number
  readonly due: number
  readonly effects: readonly Effect[]
}

/** SIGTERM to all its processes. A dyno of the formation has all of the grace to itself: it is no shell that waits for a hang-up. */
export function terminate(dyno: Dyno, now: number, patience: Patience): Termination {
  const killAt = now + patience.grace
  const isShell = dyno.kind === 'one-off' && dyno.launch.terminal !== null
  const due = isShell ? Math.min(killAt, now + patience.nudge) : killAt
  const line = system(dyno, 'Stopping all processes with SIGTERM')
  return { killAt, due, effects: [line, signal(dyno, 'TERM'), wake(dyno, due)] }
}

/** SIGHUP as well, for an interactive shell ignores SIGTERM. */
export function nudge(dyno: Dyno, killAt: number): Effect[] {
  return [signal(dyno, 'HUP'), wake(dyno, killAt)]
}

/** Patience is at its end: R12. */
export function kill(dyno: Dyno, patience: Patience): Effect[] {
  const text = `Error R12 (Exit timeout) -> At least one process failed to exit within ${inSeconds(patience.grace)} seconds of SIGTERM`
  return [system(dyno, text), system(dyno, 'Stopping remaining processes with SIGKILL'), signal(dyno, 'KILL')]
}

/** How a life ended, in the log's words. */
export function exitLine(dyno: Dyno, exit: Exit): Effect {
  return system(
    dyno,
    exit.how === 'failed' ? exit.problem.message : `Process exited with status ${exitStatus(exit)}`,
  )
}

export function changed(dyno: Dyno, from: string, to: string): Effect {
  return system(dyno, `State changed from ${from} to ${to}`)
}
