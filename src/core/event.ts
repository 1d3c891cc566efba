import type { Launch } from './dyno.ts'
import type { Exit } from './exit.ts'
import type { LogLine } from './log.ts'

/** A person's wish, through a client. */
export type Order =
  | {
      readonly order: 'run'
      readonly id: string
      readonly command: string
      readonly size: string
      readonly attached: boolean
      readonly launch: (name: string, number: number) => Launch
      readonly user: string
    }
  | { readonly order: 'stop'; readonly name: string }
  | { readonly order: 'close' }

/** What the world did, reported by an edge. */
export type Fact =
  /** The client of an attached one-off has come. */
  | { readonly fact: 'attached'; readonly life: number }
  /** … and has gone. */
  | { readonly fact: 'hung up'; readonly life: number }
  | { readonly fact: 'spawned'; readonly life: number }
  /** All output is read and the dyno's filesystem is gone. */
  | { readonly fact: 'exited'; readonly life: number; readonly exit: Exit }
  | { readonly fact: 'due'; readonly life: number }

export type Event = Order | Fact

/** What the manifold must do in the world; the core only says so. */
export type Effect =
  | { readonly effect: 'spawn'; readonly life: number; readonly name: string; readonly launch: Launch }
  /** To every process of the dyno. */
  | { readonly effect: 'signal'; readonly life: number; readonly signal: 'HUP' | 'TERM' | 'KILL' }
  | { readonly effect: 'wake'; readonly life: number; readonly at: number }
  /** The dyno is over: tell whoever waits for it. */
  | { readonly effect: 'finish'; readonly life: number; readonly name: string; readonly exit: Exit }
  /** Keep the number the next one-off gets, so that names are not given twice. */
  | { readonly effect: 'remember'; readonly nextOneOff: number }
  | { readonly effect: 'log'; readonly line: Omit<LogLine, 'at'> }
