import type { Launch } from './dyno.ts'
import type { Exit } from './exit.ts'
import type { Formation } from './formation.ts'
import type { DynoName } from './name.ts'
import type { Release } from './release.ts'
import type { TerminalSize } from './terminal-size.ts'

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
      /** The release it runs on; null where its slug is that of none. */
      readonly version: number | null
      /** A one-off of another name than `run.N`: `release.7`. */
      readonly named?: DynoName
    }
  /** The formation runs on this from now on, with these quantities. */
  | {
      readonly order: 'release'
      readonly release: Release
      readonly formation: Formation
      readonly user: string
      /** Its files are those of the release before: a dyno whose command, config and port are the same goes on. */
      readonly sameFiles?: boolean
    }
  /** What is wanted of every type, those that stay as they are included. */
  | { readonly order: 'scale'; readonly formation: Formation; readonly user: string }
  /** A new life for these formation dynos. */
  | { readonly order: 'restart'; readonly names: readonly string[] }
  /** Ends a one-off; a formation dyno gets a new life, as on Heroku. */
  | { readonly order: 'stop'; readonly name: string }
  /** Nobody holds the formation any more: its dynos are asked to end, … */
  | { readonly order: 'let go' }
  /** … and are no longer waited for; with `oneOffs` no dyno is. */
  | { readonly order: 'kill'; readonly oneOffs?: boolean }
  /** Every dyno ends. */
  | { readonly order: 'close' }

/** What the world did, reported by an edge. */
export type Fact =
  /** The client of an attached one-off has come; with the terminal that it wants after all, or with null for pipes. */
  | { readonly fact: 'attached'; readonly life: number; readonly terminal?: TerminalSize | null | undefined }
  /** … and has gone. */
  | { readonly fact: 'hung up'; readonly life: number }
  | { readonly fact: 'spawned'; readonly life: number }
  /** A web dyno has bound its port. */
  | { readonly fact: 'listening'; readonly life: number }
  /** No request runs on it any more. */
  | { readonly fact: 'drained'; readonly life: number }
  /** What all its processes have in memory, in bytes. */
  | { readonly fact: 'measured'; readonly life: number; readonly bytes: number }
  /** All output is read and the dyno's filesystem is gone. */
  | { readonly fact: 'exited'; readonly life: number; readonly exit: Exit }
  | { readonly fact: 'due'; readonly life: number }

export type Event = Order | Fact
