import { WALLS_KINDS } from '../core/walls.ts'
import type { WordKind } from './word-kind.ts'

/** A flag of a command: `--env A=1` has a `value`, `--no-tty` has none. */
export type Flag = {
  readonly name: string
  readonly short?: string
  readonly value?: string
  /** What the value may be, where its placeholder does not say it (see `word-kind.ts`). */
  readonly words?: readonly WordKind[]
  readonly help: string
}

/** What was typed, taken apart. */
export type Typed = {
  /** The last value of each flag given; a flag without value is ''. */
  readonly flags: ReadonlyMap<string, string>
  readonly words: readonly string[]
}

/** A command of the CLI. */
export type Command = {
  readonly usage: string
  readonly summary: string
  readonly flags: readonly Flag[]
  /** What each word may be, in their order; the last again and again where `usage` has a `…`. */
  readonly words?: readonly (readonly WordKind[])[]
  /** Everything after the first word belongs to that word: `run ls -l`. */
  readonly wordsEndFlags?: true
  /** What may be typed; lines after the first are what it answers. */
  readonly examples: readonly [string, ...string[]]
  /** Does it, and answers with the exit status. */
  run(typed: Typed): Promise<number>
}

/** Flags of every command that starts dynos. */
export const DYNO_FLAGS: readonly Flag[] = [
  { name: 'slug', value: 'FILE', help: 'a slug (.tgz, .tar, .tar.zst) to run on instead of the app folder' },
  { name: 'inherit-env', help: 'pass the whole shell environment on' },
  {
    name: 'walls',
    value: 'KIND',
    words: [{ oneOf: WALLS_KINDS }],
    help: "'full' or 'folder'; default: the best that this machine can do",
  },
]

/** Flags of every command that speaks to an app's manifold. */
export const APP_FLAG: Flag = {
  name: 'app',
  short: 'a',
  value: 'DIR',
  help: 'the app folder (default: the nearest one with a Procfile)',
}

/** A flag of every command whose output may be coloured. */
export const COLOUR_FLAG: Flag = {
  name: 'no-color',
  help: 'no colours on a terminal (also NO_COLOR, HEROKU_LOGS_COLOR=0, HEROKU_COLOR=0)',
}
