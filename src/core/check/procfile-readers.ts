import type { SourceLine } from '../note.ts'
import { parseProcfile } from '../procfile/procfile.ts'

/** How somebody reads a Procfile: a process type for each line it finds one in, by the line's number. */
export type ProcfileReading = {
  readonly types: ReadonlyMap<number, { readonly name: string; readonly command: string }>
  /** Why it runs nothing of the file, if it does not. */
  readonly refused?: string
  /** What it makes of two lines with one name. */
  readonly twice: 'last wins' | 'first wins' | 'both run'
}

/** A reader of Procfiles, as a model of its source or of how it was seen to behave in November 2026. */
export type ProcfileReader = (text: string) => ProcfileReading

type Types = Map<number, { name: string; command: string }>

/** Who reads Procfiles, and how. */
export const PROCFILE_READERS: ReadonlyMap<string, ProcfileReader> = new Map<string, ProcfileReader>([
  ['classic Heroku', readAsClassic],
  ['Heroku Fir', readAsFir],
  ['heroku local', readAsHerokuLocal],
  ['foreman', readAsForeman],
  ['overmind', readAsOvermind],
  ['dyno', readAsDyno],
])

function linesAsWritten(text: string): SourceLine[] {
  return text.split('\n').map((line, i) => ({ number: i + 1, text: line.replace(/\r$/, '') }))
}

// Each line that an expression with a name and a command in it matches, and no word about the others.
function matching(text: string, expression: RegExp): Types {
  const types: Types = new Map()
  for (const { number, text: line } of linesAsWritten(text)) {
    const match = expression.exec(line)
    if (match) types.set(number, { name: match[1]!, command: match[2]! })
  }
  return types
}

// The expression that heroku/buildpacks-procfile's SPEC.md gives for it, line by line.
function readAsClassic(text: string): ProcfileReading {
  return { types: matching(text, /^[ \t\f\v]*([\w-]+):?[ \t\f\v]+(.*)$/s), twice: 'last wins' }
}

// The grammar of the same SPEC.md: what is no comment and no process type spoils the file.
function readAsFir(text: string): ProcfileReading {
  const types: Types = new Map()
  for (const { number, text: line } of linesAsWritten(text)) {
    if (/^[ \t\f\v]*(?:#|$)/.test(line)) continue
    const [, key = '', command = ''] = /^[ \t\f\v]*([\w-]+):[ \t]*(.*)$/s.exec(line) ?? []
    const name = key.replaceAll('_', '-').toLowerCase()
    if (command.trim() === '' || name.length > 63 || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) {
      return { types: new Map(), refused: `refuses the file for line ${number}`, twice: 'last wins' }
    }
    types.set(number, { name, command })
  }
  return { types, twice: 'last wins' }
}

// heroku 11.10: one parser says `line N parse error`, and what passes it is read by node-foreman, which drops
// the file. A lone carriage return ends a command there, and what is behind it is lost.
function readAsHerokuLocal(text: string): ProcfileReading {
  const lines = linesAsWritten(text).filter(({ text: line }) => !/^\s*(?:#|$)/.test(line))
  const twice = 'last wins'
  const wrong = lines.find(({ text: line }) => !/^\w+:|^-+$/.test(line.trim()))
  if (wrong) return { types: new Map(), refused: `stops: line ${wrong.number} parse error`, twice }
  const types = matching(text, /^(\w+):\s*(.+)$/m)
  const isWhole = linesAsWritten(text).every(
    ({ number, text: line }) => types.has(number) || /^(?:#|$)/.test(line),
  )
  return isWhole
    ? { types, twice }
    : { types: new Map(), refused: 'runs nothing of the file, and says so nowhere', twice }
}

// foreman 0.90, lib/foreman/procfile.rb.
function readAsForeman(text: string): ProcfileReading {
  return { types: matching(text, /^([A-Za-z0-9_-]+):\s*(.+)$/s), twice: 'both run' }
}

// overmind 2.5, start/procfile.go.
function readAsOvermind(text: string): ProcfileReading {
  const types = matching(text, /^([\w-]+):\s+(.+)$/s)
  const names = [...types.values()].map(({ name }) => name)
  const twice = 'last wins'
  if (new Set(names).size === names.length) return { types, twice }
  return { types: new Map(), refused: 'refuses the file: names must be unique', twice }
}

function readAsDyno(text: string): ProcfileReading {
  const { errors } = parseProcfile(text)
  if (errors[0])
    return { types: new Map(), refused: `refuses the file for line ${errors[0].line}`, twice: 'last wins' }
  return { types: matching(text.replace(/^\uFEFF/, ''), /^[ \t]*([\w-]+):[ \t]*(.*)$/s), twice: 'last wins' }
}
