import type { Environment } from './environment.ts'
import type { TerminalSize } from './terminal-size.ts'
import type { WallsKind } from './walls.ts'

/** All that is needed to start a life, settled when the order was given. */
export type Launch = {
  /** The shell line, with a process type's name already replaced by its command. */
  readonly line: string
  /** The slug's SHA-256, in hexadecimal. */
  readonly slug: string
  readonly environment: Environment
  /** A terminal of this size, or pipes when there is none. */
  readonly terminal: TerminalSize | null
  /** The walls somebody insists on; null leaves it to the machine. */
  readonly walls: WallsKind | null
  /** The app folder that is shown at `/app` itself, writable, instead of a fresh copy of the slug. */
  readonly live?: string
  /** The folder where its walls note, in a file of the dyno's name, what it wrote elsewhere and left running at its end. */
  readonly watched?: string
}

/** One running copy of a command. */
export type Dyno = OneOff | FormationDyno

type Running = {
  readonly id: string
  readonly name: string
  /** As it was asked for, and as `ps` shows it. */
  readonly command: string
  readonly size: string
  readonly createdAt: number
  /** When the present state began, in milliseconds since 1970. */
  readonly since: number
  /** Numbered for the whole manifold: a report from an earlier life is never mistaken for this one. */
  readonly life: number
  readonly launch: Launch
}

/** A dyno named `run.N`: never restarted, never routed to. */
export type OneOff = Running & {
  readonly kind: 'one-off'
  readonly attached: boolean
  /** The release it runs on; null where its slug is that of none. */
  readonly version: number | null
  readonly state: OneOffState
}

/** A dyno of the formation: `web.1`. */
export type FormationDyno = Running & {
  readonly kind: 'formation'
  readonly type: string
  readonly number: number
  /** The port it is told; a web dyno is up when it has bound it. */
  readonly port: number
  /** The release this life runs on. */
  readonly version: number
  /** How often it crashed in a row. */
  readonly crashes: number
  /** When this life began, in milliseconds since 1970. */
  readonly startedAt: number
  /** Whether it waits for its turn to begin a new life, while others of its type do. */
  readonly renews: boolean
  readonly state: FormationState
}

/** Where a dyno is in its life; `due` is when the manifold must look at it again, in milliseconds since 1970. */
export type State = OneOffState | FormationState

/**
 * The states of a one-off, and what leads from one to the next. A detached one begins as starting; `exited` ends it in
 * any state.
 *
 *     state       facts                                                stop, close
 *     awaiting    attached → starting; hung up, due (R13) → over       over
 *     starting    spawned → up; hung up → hanging up                   stopping
 *     up          hung up → hanging up; measured (R15) → killed        stopping
 *     hanging up  due → hanging up again, and at last (R16) stopping   stopping
 *     stopping    due → a terminal is hung up; due (R12) → killed      -
 *     killed      -                                                    -
 */
export type OneOffState =
  /** An attached one-off whose client has not come yet. */
  | { readonly is: 'awaiting'; readonly due: number }
  | { readonly is: 'starting' }
  | { readonly is: 'up' }
  /** The client is gone: SIGHUP was sent `times` times. */
  | { readonly is: 'hanging up'; readonly times: number; readonly due: number }
  /** SIGTERM was sent; `killAt` is when patience ends. */
  | { readonly is: 'stopping'; readonly killAt: number; readonly due: number }
  | { readonly is: 'killed' }

/**
 * The states of a dyno of the formation, and what leads from one to the next. `exited` is over where the life was to
 * end, and crashed elsewhere. What is over and still wanted begins again as starting, in a life of its own. Unwanted is
 * what there is one too many of, by `scale`, by a `release` without its type, or by `let go`.
 *
 *     state     facts                                            restart, stop   unwanted    kill
 *     starting  spawned → booting (web), up (others)             stopping        stopping    killed
 *     booting   listening → up; due (R10), measured → failing    stopping        stopping    killed
 *     up        due → as restart; measured → failing             draining        draining    killed
 *     draining  drained, due → stopping                          -               for good    killed
 *     stopping  due (R12) → killed                               -               for good    killed
 *     killed    -                                                -               for good    -
 *     failing   -                                                -               -           -
 *     crashed   due → over                                       due now         over        over
 *
 * Only a web dyno that a router sends requests to is drained, and none is after `let go`: stopping comes at once.
 * Measured leads on where memory is far over its quota (R15). Several web dynos are begun again one by one.
 */
export type FormationState =
  | { readonly is: 'starting' }
  /** A web dyno that lives and has not bound its port. */
  | { readonly is: 'booting'; readonly due: number }
  /** `due` is when it is cycled, where that was asked for. */
  | { readonly is: 'up'; readonly due?: number }
  /** It gets no new requests, and SIGTERM when those it has are done or it is `due`. */
  | { readonly is: 'draining'; readonly due: number; readonly next: Next }
  /** SIGTERM was sent, and SIGKILL is `due`; then it is gone, or begins again. */
  | { readonly is: 'stopping'; readonly due: number; readonly next: Next }
  | { readonly is: 'killed'; readonly next: Next }
  /** Killed for what it did: when it has exited it has crashed. */
  | { readonly is: 'failing'; readonly from: 'starting' | 'up' }
  | { readonly is: 'crashed'; readonly due: number }

/** What is wanted of a formation dyno once this life is over. */
export type Next = 'gone' | 'again'

/** A state in Heroku's words. */
export type StateWord = 'starting' | 'up' | 'stopping' | 'crashed' | 'down'

/** The state as logs, `ps` and the Platform API say it. */
export function stateWord(state: State): StateWord {
  switch (state.is) {
    case 'awaiting':
    case 'starting':
    case 'booting':
      return 'starting'
    case 'up':
    case 'crashed':
      return state.is
    case 'failing':
      return state.from
    case 'hanging up':
      return 'stopping'
    case 'draining':
    case 'stopping':
    case 'killed':
      if (!('next' in state)) return 'stopping'
      return state.next === 'again' ? 'starting' : 'down'
    default:
      return state satisfies never
  }
}
