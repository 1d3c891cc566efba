import type { Command, Flag } from './command.ts'

/** What a word or a flag's value may be; completion offers what there is of it. */
export type WordKind =
  /** Process types of the Procfile. */
  | 'types'
  /** Those that can be part of a formation, and those that run. */
  | 'formation-types'
  /** Such a type with `=` behind: how many follows. */
  | 'counts'
  | 'dynos'
  /** Dynos that are no one-offs. */
  | 'formation-dynos'
  | 'releases'
  | 'config-vars'
  /** A config var with `=` behind. */
  | 'assignments'
  | 'commands'
  | 'files'
  | 'folders'
  /** One of these words. */
  | { readonly oneOf: readonly string[] }

/** What flags' values are where the flag does not say it: by its placeholder in help. An empty list: anybody's guess. */
const BY_PLACEHOLDER: Readonly<Record<string, readonly WordKind[]>> = {
  FILE: ['files'],
  'FILE[,FILE]': ['files'],
  DIR: ['folders'],
  DYNO: ['dynos', 'formation-types'],
  TYPE: ['types'],
  'TYPE=N,…': ['counts'],
  vN: ['releases'],
  ADDRESS: [],
  LINES: [],
  N: [],
  PORT: [],
  SECONDS: [],
  TIME: [],
}

/** What a flag's value may be; undefined when neither the flag nor its placeholder says so. */
export function valueKinds({ value, words }: Flag): readonly WordKind[] | undefined {
  return words ?? BY_PLACEHOLDER[value ?? '']
}

/** How many words a command takes. */
export function wordCount({ usage, words = [] }: Command): number {
  return usage.includes('…') ? Number.POSITIVE_INFINITY : words.length
}

/** What a command's word may be, counted from 0; nothing where it takes no more. */
export function kindsAt(command: Command, index: number): readonly WordKind[] {
  const { words = [] } = command
  return words[index] ?? (index < wordCount(command) ? words.at(-1) : undefined) ?? []
}
