import type { Dyno, Launch } from './dyno.ts'
import type { Exit } from './exit.ts'
import { apiLine, type LogLine } from './log/log.ts'

/** What the manifold must do in the world; the core only says so. */
export type Effect =
  | { readonly effect: 'spawn'; readonly life: number; readonly name: string; readonly launch: Launch }
  /** Report when this port is bound. */
  | { readonly effect: 'watch port'; readonly life: number; readonly port: number }
  /** Report when no request runs on it any more. */
  | { readonly effect: 'drain'; readonly life: number }
  /** To every process of the dyno. */
  | { readonly effect: 'signal'; readonly life: number; readonly signal: SignalName }
  | { readonly effect: 'wake'; readonly life: number; readonly at: number }
  /** This life is over: tell whoever waits for it. */
  | { readonly effect: 'finish'; readonly life: number; readonly exit: Exit }
  /** The last dyno of the formation is gone; `status` is that of the first that failed, if one did. */
  | { readonly effect: 'dissolve'; readonly status: number | null }
  /** Keep the number the next one-off gets, so that names are not given twice. */
  | { readonly effect: 'remember'; readonly nextOneOff: number }
  | { readonly effect: 'log'; readonly line: Omit<LogLine, 'at'> }

/** The signals that dynos are sent, by their numbers on every system. */
export const SIGNALS = { HUP: 1, KILL: 9, TERM: 15 } as const

export type SignalName = keyof typeof SIGNALS

export function spawn({ life, name, launch }: Dyno): Effect {
  return { effect: 'spawn', life, name, launch }
}

/** To every process of the dyno. */
export function signal({ life }: Dyno, name: SignalName): Effect {
  return { effect: 'signal', life, signal: name }
}

/** At a time in milliseconds since 1970. */
export function wake({ life }: Dyno, at: number): Effect {
  return { effect: 'wake', life, at }
}

export function finish({ life }: Dyno, exit: Exit): Effect {
  return { effect: 'finish', life, exit }
}

/** A line `heroku[web.1]: …`. */
export function system({ name }: Dyno, message: string): Effect {
  return { effect: 'log', line: { source: 'heroku', ps: name, message } }
}

/** A line `app[api]: …`. */
export function api(message: string): Effect {
  return { effect: 'log', line: apiLine(message) }
}
