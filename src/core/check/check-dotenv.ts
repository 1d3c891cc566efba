import { type Lookup, readDotenv } from '../config/config.ts'
import type { Assignment } from '../config/config-line.ts'
import { byPlace, type Note, noteAt, type SourceLine } from '../note.ts'
import { DOTENV_READERS } from './dotenv-readers.ts'
import { type Finding, findingOf } from './finding.ts'
import type { RuleId } from './rules.ts'
import { maskSecrets, maskShape, namesSecret } from './secret.ts'
import { byteOrderMark, carriageReturns } from './text-file.ts'

/** Finds what is wrong with a .env file, and what not every loader reads alike. */
export function checkDotenv(file: string, text: string, outer: Lookup): Finding[] {
  const { lines, assignments, errors, warnings, vars } = readDotenv(text, outer)
  const inside = linesInValues(assignments)
  const shown = (note: Note) =>
    findingOf(file, note, maskDotenvLine(lines[note.line - 1]?.text ?? '', inside.has(note.line)))
  // Of JSON every line is wrong, for the one reason.
  if (errors[0]?.rule === 'json-file') return [shown(errors[0])]
  const notes = [
    ...errors,
    ...warnings,
    ...byteOrderMark(text, 'foreman loses the first line, and overmind sets nothing at all'),
    ...carriageReturns(text),
    ...assignments.flatMap(assignmentNotes),
  ]
  if (errors.length === 0) notes.push(...differences({ lines, assignments, vars, outer }, notes))
  return notes.sort(byPlace).map(shown)
}

/** The numbers of lines that are the middle or the end of a value: what looks like a name there may be of a key. */
export function linesInValues(assignments: readonly Assignment[]): ReadonlySet<number> {
  const inside = new Set<number>()
  for (const { line, raw } of assignments)
    for (let number = line.number + 1; number <= raw.next; number++) inside.add(number)
  return inside
}

/** A line of a .env file, in which of what may be a secret only the shape is shown; `isInside` a value of several lines. */
export function maskDotenvLine(text: string, isInside: boolean): string {
  if (isInside) return maskShape(text)
  const match = /^\s*(?:export\s+)?([^=\s]+)\s*=/.exec(text)
  if (match && !namesSecret(match[1]!)) return maskSecrets(text)
  // Without a name it may be the middle of a key.
  const shown = match?.[0] ?? /^\s*(?:#|\{|(?:export\s+)?[A-Za-z_]\w*\s*:)/.exec(text)?.[0] ?? ''
  return shown + maskShape(text.slice(shown.length))
}

const ABOUT: Partial<Record<RuleId, string>> = {
  'multi-line-value':
    'heroku local cannot read a value of several lines and starts nothing. Write it in one line, with \\n in double quotes.',
  'export-prefix':
    'foreman, honcho and heroku local set nothing from a line with `export`. Delete the word if you use them.',
  'reference-in-value':
    'foreman, honcho and heroku local keep this reference as written. Write its value if you use them.',
  'dollar-in-value':
    'overmind, ruby-dotenv and a shell replace this $NAME; here it stays. Put the value in single quotes, and all keep it.',
  'command-in-value': 'ruby-dotenv and a shell run this; here it stays as written. Write its result.',
  'escape-in-value':
    'heroku local keeps back-slashes in quotes, and cuts at `\\"`. Use single quotes and no escapes if you use it.',
  'quote-in-value':
    'honcho and a shell do not keep this quote. Put the whole value in quotes of the other kind.',
  'shell-splits-value': 'A shell that sources this file ends the value here. Put it in quotes.',
  'comment-after-value':
    'foreman makes this comment part of the value. Give it a line of its own if you use it.',
  'blank-around-value':
    'foreman does not trim blanks: it keeps those of the value, and skips a line with some before its name or =. Delete them.',
}

function assignmentNotes({ raw, line, nameAt, valueAt, name }: Assignment): Note[] {
  const { text } = line
  const value = text.slice(valueAt)
  const notes: Note[] = []
  const add = (rule: RuleId, at: number) => notes.push(noteAt({ line, at }, rule, ABOUT[rule]!))
  const find = (expression: RegExp) => {
    const at = value.search(expression)
    return at < 0 ? undefined : valueAt + at
  }
  const before = text.slice(0, nameAt)
  if (before.includes('export')) add('export-prefix', before.indexOf('export'))
  else if (nameAt > 0) add('blank-around-value', 0)
  else if (nameAt + name.length + 1 < valueAt) add('blank-around-value', nameAt + name.length)
  else if (/^[ \t]+\S/.test(value)) add('blank-around-value', valueAt)
  else if (/\S[ \t]+$/.test(text)) add('blank-around-value', text.trimEnd().length)
  const begin = valueAt + value.length - value.trimStart().length
  if (raw.text.includes('\n')) add('multi-line-value', begin)
  // Where the value ends is not known of one in quotes over several lines, and there it hardly matters.
  const comment = find(raw.quote === '' ? /[ \t]#/ : /["'][ \t]+#[^"']*$/)
  if (comment !== undefined && raw.next === line.number)
    add('comment-after-value', comment + value.slice(comment - valueAt).indexOf('#'))
  if (raw.quote === "'") return notes
  const places: readonly (readonly [RuleId, number | undefined])[] = [
    ['reference-in-value', find(/\$\{[A-Za-z_]\w*(?:\}|:-)/)],
    ['dollar-in-value', find(/(?<![\\$])\$[A-Za-z_]/)],
    ['command-in-value', find(/\$\(/)],
    ['escape-in-value', raw.quote === '"' ? find(/\\/) : find(/\\$/)],
    ['quote-in-value', raw.quote === '' && /['"]/.test(raw.text) ? find(/['"]/) : undefined],
    ['shell-splits-value', raw.quote === '' ? splitAt(raw.text, begin) : undefined],
  ]
  for (const [rule, at] of places) if (at !== undefined) add(rule, at)
  return notes
}

function splitAt(value: string, begin: number): number | undefined {
  const at = value.search(/[ \t;&|<>()]/)
  return at < 0 ? undefined : begin + at
}

type Read = {
  readonly lines: readonly SourceLine[]
  readonly assignments: readonly Assignment[]
  readonly vars: ReadonlyMap<string, string>
  readonly outer: Lookup
}

// What the rules above have no name for is found by loading the file as the others do.
function differences({ lines, assignments, vars, outer }: Read, told: readonly Note[]): Note[] {
  const known = new Set(told.map(({ line }) => line))
  const lastOf = new Map(assignments.map((assignment) => [assignment.name, assignment]))
  const untold = [...lastOf.values()].filter(({ line }) => !known.has(line.number))
  if (untold.length === 0) return []
  const readings = [...DOTENV_READERS].map(([who, read]) => ({ who, reading: read(lines, outer) }))
  return untold.flatMap(({ name, line, nameAt }) => {
    const others = readings.filter(({ reading: { values, stops } }) => {
      if (stops) return false // the line it stops at is told
      return values.get(line.number)?.value !== vars.get(name)
    })
    if (others.length === 0) return []
    const message = `${others.map(({ who }) => who).join(' and ')} ${others.length > 1 ? 'read' : 'reads'} another value here. See which with --explain-readers.`
    return [noteAt({ line, at: nameAt }, 'loaders-differ', message)]
  })
}
