import { type Note, noteAt, type SourceLine } from '../note.ts'

/** A byte-order mark: some editors of Windows begin a file with it. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** A file a person wrote as lines, and notes on characters that have no place in it. */
export type SourceLines = {
  readonly lines: readonly SourceLine[]
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** Cuts a text at LF and CRLF and drops a byte-order mark; a lone CR is a warning, a NUL byte an error. */
export function sourceLines(text: string): SourceLines {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const lines = body.split('\n').map((line, i) => ({ number: i + 1, text: line.replace(/\r$/, '') }))
  return {
    lines,
    warnings: notesOn('lone-carriage-return', lines),
    errors: notesOn('nul-byte', lines),
  }
}

const MISPLACED = {
  'lone-carriage-return': {
    character: '\r',
    message: 'A carriage return alone does not end a line. Save the file with LF or CRLF line ends.',
  },
  'nul-byte': {
    character: '\0',
    message:
      'There is a NUL byte here, and no command or variable can hold one. Save the file as plain UTF-8 text.',
  },
} as const

function notesOn(rule: keyof typeof MISPLACED, lines: readonly SourceLine[]): Note[] {
  const { character, message } = MISPLACED[rule]
  const places = lines.map((line) => ({ line, at: line.text.indexOf(character) }))
  return places.filter(({ at }) => at >= 0).map((place) => noteAt(place, rule, message))
}
