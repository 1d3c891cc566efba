import { type Note, noteAt, type SourceLine } from '../note.ts'
import { sourceLines } from '../source-lines.ts'

/** The most that a file of these kinds may have, in bytes: 1 MiB. */
export const LARGEST_FILE = 1 << 20

/** The lines of a file, without line ends and byte-order mark. */
export function linesOf(text: string): readonly SourceLine[] {
  return sourceLines(text).lines
}

/** A note on the first line that ends in CRLF. */
export function carriageReturns(text: string): Note[] {
  const at = text.indexOf('\r\n')
  if (at < 0) return []
  const number = text.slice(0, at).split('\n').length
  const line = { number, text: text.slice(text.lastIndexOf('\n', at - 1) + 1, at) }
  const message =
    'Lines end in CRLF, which a shell and some tools make part of the line. Save the file with LF line ends.'
  return [noteAt({ line, at: line.text.length }, 'carriage-returns', message)]
}
