import type { Lookup } from '../config/config.ts'
import type { SourceLine } from '../note.ts'

/** How a loader reads a .env file: a value for each line it finds a variable in, by the line's number. */
export type DotenvReading = {
  readonly values: ReadonlyMap<number, { readonly name: string; readonly value: string }>
  /** The line for which it gives up: it sets nothing of the file, or starts nothing at all. */
  readonly stops?: { readonly line: number; readonly lost: 'file' | 'all' }
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
    if (!match || text.length <= 2) continue
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

// overmind 2.5 with godotenv 1.5: multi-line values and references; one line it cannot read, and it sets nothing at all.
function readAsOvermind(lines: readonly SourceLine[], outer: Lookup): DotenvReading {
  const values: Values = new Map()
  const set = new Map<string, string>()
  const look = (wanted: string) => set.get(wanted) ?? outer(wanted) ?? ''
  for (let index = 0; index < lines.length; index++) {
    const { number, text } = lines[index]!
    if (/^\s*(?:#|$)/.test(text)) continue
    const stopped = { values: new Map(), stops: { line: number, lost: 'file' } } as const
    const match = /^[^\S\uFEFF]*(?:export\s+)?([A-Za-z_0-9.]+)\s*[=:]\s*(.*)$/s.exec(text)
    if (!match) return stopped
    const [, name, given] = match as unknown as [string, string, string]
    const quote = given[0] === '"' || given[0] === "'" ? given[0] : ''
    const quoted = quote === '' ? undefined : quotedText(lines, { index, quote, given })
    if (quote !== '' && !quoted) return stopped
    const raw = quoted?.text ?? given.replace(/\s#.*/s, '').trim()
    const value = quote === "'" ? raw : replaceNames(quote === '"' ? unescaped(raw) : raw, look)
    set.set(name, value)
    values.set(number, { name, value })
    index = quoted?.last ?? index
  }
  return { values }
}

type Opened = { readonly index: number; readonly quote: string; readonly given: string }

// Up to the next quote without a back-slash before it; undefined when there is none, or text behind it.
function quotedText(
  lines: readonly SourceLine[],
  { index, quote, given }: Opened,
): { readonly text: string; readonly last: number } | undefined {
  const parts: string[] = []
  for (let last = index; last < lines.length; last++) {
    const text = last === index ? given : lines[last]!.text
    const end = closingAt(text, quote, last === index ? 1 : 0)
    parts.push(end < 0 ? text : text.slice(0, end))
    if (end < 0) continue
    if (!/^\s*(?:#|$)/.test(text.slice(end + 1))) return undefined
    return { text: withoutQuotes(parts.join('\n'), quote), last }
  }
  return undefined
}

function closingAt(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from)
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf(quote, at + 1)
  return at
}

// It takes off all quotes at both ends, an escaped one at the end as well, whose back-slash stays.
function withoutQuotes(text: string, quote: string): string {
  let [from, to] = [0, text.length]
  while (to > from && text[to - 1] === quote) to--
  while (from < to && text[from] === quote) from++
  return text.slice(from, to)
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r' }
  return text.replace(/\\./g, (pair) => named[pair] ?? pair).replace(/\\([^$])/g, '$1')
}

// Names of large letters only, in brackets of any kind: `${NAME:-default}` becomes its value and `:-default}`.
function replaceNames(text: string, look: (name: string) => string): string {
  return text.replace(/\\\$\(?\{?[A-Z0-9_]*\}?|\$\(?\{?([A-Z0-9_]+)\}?/g, (whole, name?: string) =>
    name === undefined ? whole.slice(1) : look(name),
  )
}
