import type { RuleId } from './check/rules.ts'
import { safeText } from './safe-text.ts'

/** Something to tell a person about a place in a file of theirs; line and column count from 1, in characters. */
export type Note = {
  /** What `dyno check --explain` explains. */
  readonly rule: RuleId
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A line of a file without its end; its number counts from 1. */
export type SourceLine = { readonly number: number; readonly text: string }

/** A note as compilers print it, on one line: `Procfile:2:5: …`. */
export function describeNote(file: string, note: Note): string {
  // The message may quote the file, and the file may hold escape sequences: they must not reach the terminal.
  return safeText(`${file}:${note.line}:${note.column}: ${note.message}`, '\uFFFD')
}

/** A character of a file: an index into a line. */
export type SourcePlace = { readonly line: SourceLine; readonly at: number }

/** A note on this character. */
export function noteAt({ line, at }: SourcePlace, rule: RuleId, message: string): Note {
  return { rule, line: line.number, column: charactersIn(line.text.slice(0, at)) + 1, message }
}

/** How many characters a text has; a list of them all would be slow to make of a line of a million. */
export function charactersIn(text: string): number {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '_').length
}

/** A word of the file as a message shows it: in back-quotes, and cut when it is long. */
export function quoteForNote(word: string): string {
  return word.length > 40 ? `\`${word.slice(0, 40)}…\`` : `\`${word}\``
}

/** Orders notes as their places follow each other in the file. */
export function byPlace(a: Note, b: Note): number {
  return a.line - b.line || a.column - b.column
}
