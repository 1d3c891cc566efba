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
}

/** Where a dyno is in its life; `due` is when the manifold must look at it again, in milliseconds since 1970. */
export type State =
  /** An attached one-off whose client has not come yet. */
  | { readonly is: 'awaiting'; readonly due: number }
  | { readonly is: 'starting' }
  | { readonly is: 'up' }
  /** The client is gone: SIGHUP was sent `times` times. */
  | { readonly is: 'hanging up'; readonly times: number; readonly due: number }
  /** SIGTERM was sent; `killAt` is when patience ends. */
  | { readonly is: 'stopping'; readonly killAt: number; readonly due: number }
  | { readonly is: 'killed' }

/** One running copy of a command. */
export type Dyno = {
  readonly id: string
  readonly name: string
  /** As it was asked for, and as `ps` shows it. */
  readonly command: string
  readonly size: string
  readonly attached: boolean
  readonly createdAt: number
  /** When the present state began, in milliseconds since 1970. */
  readonly since: number
  /** Numbered for the whole manifold: a report from an earlier life is never mistaken for this one. */
  readonly life: number
  readonly launch: Launch
  readonly state: State
}

/** The state in Heroku's words, as logs, `ps` and the Platform API say it. */
export function stateWord(state: State): 'starting' | 'up' | 'stopping' {
  switch (state.is) {
    case 'awaiting':
    case 'starting':
      return 'starting'
    case 'up':
      return 'up'
    case 'hanging up':
    case 'stopping':
    case 'killed':
      return 'stopping'
    default:
      return state satisfies never
  }
}
