import { takenApart } from '../args.ts'
import type { Command, Flag, Typed } from '../command.ts'
import { findCommand } from '../commands.ts'
import { kindsAt, valueKinds, type WordKind } from '../word-kind.ts'

/** What may stand where somebody is typing. */
export type Wanted = {
  /** What the word begins with and keeps: `--walls=`, `web=1,`. */
  readonly head: string
  /** What was typed of it behind that. */
  readonly prefix: string
  readonly kinds: readonly WordKind[]
  /** Flags that may stand here. */
  readonly flags: readonly Flag[]
  /** What was typed before. */
  readonly before: Typed
}

/** Flags that every command has. */
const HELP: Flag = { name: 'help', short: 'h', help: 'show flags and examples' }

const MAN: Flag = { name: 'man', help: 'the manual page, for man -l -' }

const NOTHING: Typed = { flags: new Map(), words: [] }

/** What the last of the words after `dyno` may be; it may be empty, and none of them need be right. */
export function wantedWord(typed: readonly string[]): Wanted {
  const word = typed.at(-1) ?? ''
  const [verb, ...rest] = typed.slice(0, -1)
  const nothing = { head: '', prefix: word, kinds: [], flags: [], before: NOTHING }
  if (verb === 'help' && rest.length === 0 && word.startsWith('-')) return { ...nothing, flags: [MAN] }
  if (verb === undefined || (verb === 'help' && rest.length === 0)) return { ...nothing, kinds: ['commands'] }
  const command = findCommand(verb)
  return command ? wantedOf(command, rest, word) : nothing
}

function wantedOf(command: Command, rest: readonly string[], word: string): Wanted {
  const { isOver, pending, ...before } = readSoFar(command, rest)
  if (pending) return wantedValue(pending, { head: '', text: word, before })
  const left = isOver ? [] : [...command.flags, HELP].filter(({ name }) => !before.flags.has(name))
  if (!isOver && word.startsWith('-')) {
    return begunValue(command, word, before) ?? { head: '', prefix: word, kinds: [], flags: left, before }
  }
  const kinds = kindsAt(command, before.words.length)
  // Where no word is wanted, flags are all there is.
  const flags = kinds.length === 0 && word === '' ? left : []
  return { head: '', prefix: word, kinds, flags, before }
}

type SoFar = Typed & {
  /** No flag of ours may come any more. */
  readonly isOver: boolean
  /** The flag whose value comes next. */
  readonly pending?: Flag
}

function readSoFar(command: Command, argv: readonly string[]): SoFar {
  const flags = new Map<string, string>()
  let pending: Flag | undefined
  const { options, words, isOver } = takenApart(command, argv)
  for (const { name, value } of options) {
    const flag = command.flags.find((each) => each.name === name)
    if (flag?.value && value === undefined) pending = flag
    else flags.set(name, value ?? '')
  }
  return { flags, words, isOver, ...(pending && !isOver ? { pending } : {}) }
}

/** `--walls=fo` and `-afo`: a flag and the beginning of its value in one word. */
function begunValue(command: Command, word: string, before: Typed): Wanted | undefined {
  const [, head, long, short] = /^(--([^=]+)=|-([^-]))/.exec(word) ?? []
  const flag = command.flags.find(({ name, short: letter }) => name === long || (short && letter === short))
  if (head === undefined || !flag?.value || word === `-${short}`) return undefined
  return wantedValue(flag, { head, text: word.slice(head.length), before })
}

type Begun = { readonly head: string; readonly text: string; readonly before: Typed }

// Of `A,B` it is the last one that is being typed.
function wantedValue(flag: Flag, { head, text, before }: Begun): Wanted {
  const done = flag.value?.includes(',') ? text.slice(0, text.lastIndexOf(',') + 1) : ''
  const prefix = text.slice(done.length)
  return { head: head + done, prefix, kinds: valueKinds(flag) ?? [], flags: [], before }
}
