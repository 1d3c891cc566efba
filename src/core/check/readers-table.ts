import { type Lookup, readDotenv } from '../config/config.ts'
import { BYTE_ORDER_MARK } from '../procfile/source-lines.ts'
import { cut } from '../safe-text.ts'
import { linesInValues } from './check-dotenv.ts'
import { DOTENV_READERS } from './dotenv-readers.ts'
import type { FileKind } from './file-kind.ts'
import { PROCFILE_READERS, type ProcfileReading } from './procfile-readers.ts'
import { maskSecrets, maskShape, namesSecret } from './secret.ts'
import { hasTooManyLines } from './text-file.ts'

/** How many characters of a command or a value are shown. */
const WIDTH = 60

/** What each reader makes of a line: rows of a reader's name and a few words. */
export type ReadersRows = readonly (readonly [reader: string, makes: string])[]

/** Tells how everybody reads a line of this file, by its number; undefined where nobody else reads such a file, or it is too long. */
export function readersOf(
  kind: FileKind,
  text: string,
  outer: Lookup,
): ((line: number) => ReadersRows) | undefined {
  if (hasTooManyLines(text)) return undefined
  if (kind === 'procfile') return procfileReaders(text)
  if (kind === 'dotenv') return dotenvReaders(text, outer)
  return undefined
}

function procfileReaders(text: string): (line: number) => ReadersRows {
  const readings = [...PROCFILE_READERS].map(([who, read]) => [who, read(text)] as const)
  return (line) => readings.map(([who, reading]) => [who, procfileMakes(reading, line)])
}

function procfileMakes({ types, refused, twice }: ProcfileReading, line: number): string {
  if (refused) return refused
  const type = types.get(line)
  if (!type) return types.size === 0 ? 'finds no process types' : 'finds no process type here'
  const others = [...types].filter(([number, { name }]) => name === type.name && number !== line)
  const winner = twice === 'last wins' ? Math.max(line, ...others.map(([number]) => number)) : line
  const made = `${type.name} runs ${cut(maskSecrets(type.command), WIDTH)}`
  if (winner !== line) return `${made}; line ${winner} wins`
  return others.length > 0 && twice === 'both run' ? `${made}, and line ${others[0]![0]} too` : made
}

function dotenvReaders(text: string, outer: Lookup): (line: number) => ReadersRows {
  const { lines, assignments, vars, errors } = readDotenv(text, outer)
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const asWritten = lines.map((line, i) => (i === 0 ? { ...line, text: mark + line.text } : line))
  const readings = [...DOTENV_READERS].map(([who, read]) => [who, read(asWritten, outer)] as const)
  const named = new Map(assignments.map(({ line, name }) => [line.number, name]))
  const inside = linesInValues(assignments)
  // Of a line without a sign behind its first word nobody knows whether that is a name.
  const isHidden = (line: number) =>
    inside.has(line) || !/^\s*(?:export\s+)?[\w.-]+\s*[=:]/.test(lines[line - 1]?.text ?? '')
  return (line) => [
    ['Heroku', 'reads no .env: set config vars'],
    ...readings.map(([who, { values, stops }]): [string, string] => {
      if (stops?.lost === 'all') return [who, `crashes at line ${stops.line} and starts nothing`]
      if (stops) return [who, `sets nothing of the file, for line ${stops.line}`]
      const found = values.get(line)
      if (found && isHidden(line)) return [who, 'makes a variable of this line']
      return [who, found ? valueText(found.name, found.value) : 'sets nothing here']
    }),
    ['dyno', dynoMakes(line)],
  ]

  function dynoMakes(line: number): string {
    if (errors[0]) return `refuses the file for line ${errors[0].line}`
    const name = named.get(line)
    const value = name === undefined ? undefined : vars.get(name)
    return name === undefined || value === undefined ? 'sets nothing here' : valueText(name, value)
  }
}

function valueText(name: string, value: string): string {
  const shown = namesSecret(name) ? maskShape(value) : maskSecrets(value)
  return `${name} is ${cut(JSON.stringify(shown), WIDTH)}`
}
