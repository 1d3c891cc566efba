import { parseArgs } from 'node:util'
import { Problem } from '../core/problem.ts'
import type { Command, Flag, Typed } from './command.ts'

/** Takes a command line apart as the command wants it; throws a Problem that names the flag that is wrong. */
export function parseCommandLine(command: Command, argv: readonly string[]): Typed {
  const flags = new Map<string, string>()
  const words: string[] = []
  for (const token of tokensOf(command, argv)) {
    if (token.kind === 'option-terminator') {
      return { flags, words: [...words, ...argv.slice(token.index + 1)] }
    }
    if (token.kind === 'positional') {
      if (command.wordsEndFlags) return { flags, words: argv.slice(token.index) }
      words.push(token.value)
      continue
    }
    const flag = command.flags.find(({ name }) => name === token.name)
    if (!flag) throw unknownFlag(command, token.rawName)
    if (flag.value && token.value === undefined) {
      throw new Problem('usage', `${token.rawName} needs a value: ${token.rawName} ${flag.value}.`)
    }
    if (!flag.value && token.value !== undefined) {
      throw new Problem('usage', `${token.rawName} takes no value.`)
    }
    flags.set(flag.name, token.value ?? '')
  }
  return { flags, words }
}

/** The pieces of a command line, whatever is wrong with them, as the command's flags make them. */
export function tokensOf(command: Command, argv: readonly string[]) {
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
