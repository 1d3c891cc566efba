import type { Dyno } from './dyno.ts'
import { type Effect, signal, system, wake } from './effect.ts'
import { type Exit, exitStatus } from './exit.ts'
import { inSeconds, type Patience } from './patience.ts'

// How a dyno is brought to its end, the same for one-offs and for the formation: SIGTERM, patience, SIGKILL.

/** SIGTERM to all its processes, and a look at what has become of it when it is `due`. */
export function terminate(dyno: Dyno, due: number): Effect[] {
  const line = system(dyno, 'Stopping all processes with SIGTERM')
  return [line, signal(dyno, 'TERM'), wake(dyno, due)]
}

/** Patience is at its end: R12. */
export function kill(dyno: Dyno, patience: Patience): Effect[] {
  const text = `Error R12 (Exit timeout) -> At least one process failed to exit within ${inSeconds(patience.grace)} seconds of SIGTERM`
  return [system(dyno, text), ...killAtOnce(dyno)]
}

/** Nobody has patience any longer. */
export function killAtOnce(dyno: Dyno): Effect[] {
  return [system(dyno, 'Stopping remaining processes with SIGKILL'), signal(dyno, 'KILL')]
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
