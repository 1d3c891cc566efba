import type { Lookup } from '../config.ts'
import type { SourceLine } from '../note.ts'

/** How a loader reads a .env file: a value for each line it finds a variable in, by the line's number. */
export type DotenvReading = {
  readonly values: ReadonlyMap<number, { readonly name: string; readonly value: string }>
  /** The line at which it gives the file up, and what is lost by that. */
  readonly stops?: { readonly line: number; readonly lost: 'all' | 'rest' }
}

/** A loader of .env files, as a model of how it was seen to behave in November 2026. */
export type DotenvReader = (lines: readonly SourceLine[], outer: Lookup) => DotenvReading

type Values = Map<number, { name: string; value: string }>

/** Who else loads .env files. Heroku itself loads none: there these are config vars. */
export const DOTENV_READERS: ReadonlyMap<string, DotenvReader> = new Map<string, DotenvReader>([
  ['heroku local', readAsHerokuLocal],
  ['foreman', readAsForeman],
  ['overmind', readAsOvermind],
])

// node-foreman 3, within heroku 11: quotes up to the next one, no escapes, a # ends a value anywhere.
function readAsHerokuLocal(lines: readonly SourceLine[]): DotenvReading {
  const values: Values = new Map()
  for (const { number, text } of lines) {
    const match = /^\s*(\w+)\s*(?:=\s*(.*))?$/.exec(text)
    if (!match || /^\s*#/.test(text)) continue
    const given = match[2] ?? ''
    const quote = given[0]
    if (quote === '"' || quote === "'") {
      const end = given.indexOf(quote, 1)
      if (end < 0) return { values: new Map(), stops: { line: number, lost: 'all' } }
      values.set(number, { name: match[1]!, value: given.slice(1, end) })
    } else values.set(number, { name: match[1]!, value: given.replace(/#.*/, '').trim() })
  }
  return { values }
}

// foreman 0.90, lib/foreman/env.rb: a line is a variable or nothing, and blanks count.
function readAsForeman(lines: readonly SourceLine[]): DotenvReading {
  const values: Values = new Map()
  for (const { number, text } of lines) {
    const match = /^([A-Za-z_0-9]+)=(.*)$/.exec(text)
    if (!match) continue
    const given = match[2]!
    const single = /^'(.*)'$/.exec(given)
    const double = /^"(.*)"$/.exec(given)
    const value = single?.[1] ?? (double ? double[1]!.replaceAll('\\n', '\n').replace(/\\(.)/g, '$1') : given)
    values.set(number, { name: match[1]!, value })
  }
  return { values }
}

// overmind 2.5 with godotenv: multi-line values and references, and nothing after the first line it cannot read.
function readAsOvermind(lines: readonly SourceLine[], outer: Lookup): DotenvReading {
  const values: Values = new Map()
  const set = new Map<string, string>()
  for (let index = 0; index < lines.length; index++) {
    const { number, text } = lines[index]!
    if (/^\s*(?:#|$)/.test(text)) continue
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*[=:][ \t]*(.*)$/.exec(text)
    if (!match) return { values, stops: { line: number, lost: 'rest' } }
    const [, name, given] = match as unknown as [string, string, string]
    const quote = given[0] === '"' || given[0] === "'" ? given[0] : ''
    const last = quote === '' ? index : closingLine(lines, { index, quote, given })
    if (last === undefined) return { values, stops: { line: number, lost: 'rest' } }
    const whole = [given, ...lines.slice(index + 1, last + 1).map((line) => line.text)].join('\n')
    const raw = quote === '' ? whole.replace(/\s#.*/, '').trim() : whole.slice(1, whole.lastIndexOf(quote))
    const plain =
      quote === '"'
        ? raw
            .replaceAll('\\n', '\n')
            .replaceAll('\\r', '\r')
            .replace(/\\([^$])/g, '$1')
        : raw
    const look = (wanted: string) => set.get(wanted) ?? outer(wanted) ?? ''
    const value =
      quote === "'" ? plain : plain.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (_, wanted) => look(wanted))
    set.set(name, value)
    values.set(number, { name, value })
    index = last
  }
  return { values }
}

type Opened = { readonly index: number; readonly quote: string; readonly given: string }

// The line on which the quote is closed; undefined when none is, or when there is text behind it.
function closingLine(lines: readonly SourceLine[], { index, quote, given }: Opened): number | undefined {
  const closed = new RegExp(`^(?:[^${quote}\\\\]|\\\\.)*${quote}\\s*(?:#.*)?$`)
  if (closed.test(given.slice(1))) return index
  if (new RegExp(`^(?:[^${quote}\\\\]|\\\\.)*${quote}`).test(given.slice(1))) return undefined
  for (let next = index + 1; next < lines.length; next++) {
    if (lines[next]!.text.includes(quote)) return closed.test(lines[next]!.text) ? next : undefined
  }
  return undefined
}
