import { byPlace, type Note, noteAt, quoteForNote, type SourceLine } from '../note.ts'
import { parsePort } from '../ports.ts'
import { Problem } from '../problem.ts'
import { sourceLines } from '../procfile/source-lines.ts'
import { type Assignment, readAssignments } from './config-line.ts'
import { expand } from './expansion.ts'

/** Config vars of a .env file; with errors there are none, so nobody can start with half of them. */
export type Dotenv = {
  readonly vars: ReadonlyMap<string, string>
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** Finds the value of a variable that is set outside of the file. */
export type Lookup = (name: string) => string | undefined

/** In which `$` means something: `${NAME}` only, so that passwords with a `$` survive, or `$NAME` as well. */
export type EnvDialect = 'dotenv' | 'shell'

/** One of the two dialects; throws a Problem for any other word. */
export function envDialect(word: string): EnvDialect {
  if (word === 'dotenv' || word === 'shell') return word
  throw new Problem('usage', `There is no dialect '${word}' of .env files; use 'dotenv' or 'shell'.`)
}

/** Reads a .env file; `${NAME}` is looked up in the lines above it, then with `outer`, and nothing is ever run. */
export function parseDotenv(text: string, outer: Lookup, dialect: EnvDialect = 'dotenv'): Dotenv {
  const { vars, warnings, errors } = readDotenv(text, outer, dialect)
  return { vars, warnings, errors }
}

/** A .env file as it was read, with its lines and assignments: for who has more to say of each. */
export type ReadDotenv = Dotenv & {
  readonly lines: readonly SourceLine[]
  readonly assignments: readonly Assignment[]
}

/** The same, line by line. */
export function readDotenv(text: string, outer: Lookup, dialect: EnvDialect = 'dotenv'): ReadDotenv {
  const source = sourceLines(text)
  const reading = readAssignments(source.lines)
  const errors = [...source.errors, ...reading.errors]
  const vars = new Map<string, string>()
  const expansionWarnings = reading.assignments.flatMap((assignment) => {
    const look = (name: string) => vars.get(name) ?? outer(name)
    const { value, warnings } = finishedValue(assignment, look, dialect)
    vars.set(assignment.name, value)
    errors.push(...portMistakes(assignment, value))
    return warnings
  })
  const repeated = repetitionNotes(reading.assignments)
  const warnings = [...source.warnings, ...reading.warnings, ...expansionWarnings, ...repeated]
  return {
    ...{ lines: source.lines, assignments: reading.assignments },
    vars: errors.length > 0 ? new Map() : vars,
    warnings: warnings.sort(byPlace),
    errors: errors.sort(byPlace),
  }
}

/** Variables of a `--env` flag, and what is wrong with parts of it, in the words of `heroku run`. */
export type EnvFlag = { readonly vars: ReadonlyMap<string, string>; readonly warnings: readonly string[] }

/** Reads `A=1;B=x y` as `heroku run --env` does: a part that is no assignment is a warning and is left out. */
export function parseEnvFlag(text: string): EnvFlag {
  const vars = new Map<string, string>()
  const warnings: string[] = []
  for (const part of text.split(';')) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*)?\s*$/.exec(part) // Heroku lets `a.b` pass, and its shell drops it
    if (match) vars.set(match[1]!, match[2] ?? '')
    else warnings.push(`env flag ${part} appears invalid. Avoid using ';' in values.`)
  }
  return { vars, warnings }
}

function finishedValue(
  { raw, line, valueAt }: Assignment,
  look: Lookup,
  dialect: EnvDialect,
): { value: string; warnings: Note[] } {
  if (raw.quote === "'") return { value: raw.text, warnings: [] }
  const { value, unset, odd } = expand(raw.text, {
    escapes: raw.quote === '"',
    bare: dialect === 'shell',
    look,
  })
  const place = { line, at: valueAt }
  const warnings = [...new Set(unset)].map((name) => {
    const message = `${quoteForNote(name)} is not set and becomes empty. Set it above, or write \${${name}:-a default}.`
    return noteAt(place, 'unset-variable', message)
  })
  if (odd) {
    const message = `Only \${NAME} and \${NAME:-default} are expanded. Another \${ is kept as written.`
    warnings.push(noteAt(place, 'odd-expansion', message))
  }
  return { value, warnings }
}

// The one variable that we read ourselves: it is the base of every dyno's port.
function portMistakes({ name, line, valueAt }: Assignment, value: string): Note[] {
  if (name !== 'PORT' || value === '' || parsePort(value) !== undefined) return []
  const message = '`PORT` is the base of all ports. Write a number from 1 to 65535, or delete the line.'
  return [noteAt({ line, at: valueAt }, 'bad-port', message)]
}

function repetitionNotes(assignments: readonly Assignment[]): Note[] {
  const setIn = new Map<string, number>()
  return assignments.flatMap(({ name, line, nameAt }) => {
    const earlier = setIn.get(name)
    setIn.set(name, line.number)
    if (earlier === undefined) return []
    const message = `${quoteForNote(name)} is also set in line ${earlier}. This line wins: delete one of them.`
    return [noteAt({ line, at: nameAt }, 'duplicate-variable', message)]
  })
}
