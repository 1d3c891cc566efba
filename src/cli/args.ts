import { parseArgs } from 'node:util'
import { Problem } from '../core/problem.ts'
import type { Command, Flag, Typed } from './command.ts'

/** A command line taken apart, whatever is wrong with it. */
export type Apart = {
  readonly options: readonly Option[]
  readonly words: readonly string[]
  /** No flag of ours may come any more. */
  readonly isOver: boolean
}

type Option = Extract<ReturnType<typeof tokensOf>[number], { kind: 'option' }>

/** What was typed, as the command wants it; throws a Problem that names the flag that is wrong. */
export function typedOf(command: Command, { options, words }: Apart): Typed {
  const flags = new Map<string, string>()
  for (const { name, rawName, value } of options) {
    const flag = command.flags.find((each) => each.name === name)
    if (!flag) throw unknownFlag(command, rawName)
    if (flag.value && value === undefined) {
      throw new Problem('usage', `${rawName} needs a value: ${rawName} ${flag.value}.`)
    }
    if (!flag.value && value !== undefined) throw new Problem('usage', `${rawName} takes no value.`)
    flags.set(flag.name, value ?? '')
  }
  return { flags, words }
}

/** The flags and words of a command line, as the command's flags part them. */
export function takenApart(command: Command, argv: readonly string[]): Apart {
  const options: Option[] = []
  const words: string[] = []
  for (const token of tokensOf(command, argv)) {
    if (token.kind === 'option-terminator') {
      return { options, words: [...words, ...argv.slice(token.index + 1)], isOver: true }
    }
    if (token.kind === 'option') options.push(token)
    else if (command.wordsEndFlags) return { options, words: argv.slice(token.index), isOver: true }
    else words.push(token.value)
  }
  return { options, words, isOver: false }
}

function tokensOf(command: Command, argv: readonly string[]) {
  const options = Object.fromEntries(command.flags.map((flag) => [flag.name, option(flag)]))
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function option(flag: Flag) {
  return { type: flag.value ? 'string' : 'boolean', ...(flag.short ? { short: flag.short } : {}) } as const
}

function unknownFlag(command: Command, raw: string): Problem {
  const known = command.flags.map(({ name }) => `--${name}`)
  const near = nearest(raw, known)
  const hint = near ? ` Did you mean ${near}?` : ` It knows ${known.join(', ')}.`
  const name = command.usage.split(' ').slice(0, 2).join(' ')
  return new Problem('usage', `There is no flag ${raw} for '${name}'.${hint}`)
}

/** The choice that differs from a mistyped word by at most two letters, if there is one. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  const ranked = choices.map((choice) => ({ choice, distance: distance(word, choice) }))
  const best = ranked.sort((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= 2 ? best.choice : undefined
}

// Levenshtein's distance, a row at a time.
function distance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
