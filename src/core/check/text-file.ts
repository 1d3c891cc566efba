import { type Note, noteAt, type SourceLine } from '../note.ts'
import { BYTE_ORDER_MARK, sourceLines } from '../procfile/source-lines.ts'

/** The most that a file of these kinds may have, in bytes: 1 MiB. */
export const LARGEST_FILE = 1 << 20

/** The most lines that are looked at: no such file has more, and each may have something to be told. */
export const MOST_LINES = 10_000

/** Whether a text has more lines than are looked at. */
export function hasTooManyLines(text: string): boolean {
  let at = -1
  for (let lines = 0; lines < MOST_LINES; lines++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return false
  }
  return at < text.length - 1
}

/** A note on a byte-order mark, if the text begins with one; `effect` says whom it harms. */
export function byteOrderMark(text: string, effect: string): Note[] {
  if (!text.startsWith(BYTE_ORDER_MARK)) return []
  const message = `The file begins with a byte-order mark: ${effect}. Save it as UTF-8 without BOM.`
  return [{ rule: 'byte-order-mark', line: 1, column: 1, message }]
}

/** The lines of a file, without line ends and byte-order mark. */
export function linesOf(text: string): readonly SourceLine[] {
  return sourceLines(text).lines
}

/** A note on the first line that ends in CRLF. */
export function carriageReturns(whole: string): Note[] {
  const text = whole.startsWith(BYTE_ORDER_MARK) ? whole.slice(1) : whole
  const at = text.indexOf('\r\n')
  if (at < 0) return []
  const number = text.slice(0, at).split('\n').length
  const line = { number, text: text.slice(text.lastIndexOf('\n', at - 1) + 1, at) }
  const message =
    'Lines end in CRLF, which a shell and some tools make part of the line. Save the file with LF line ends.'
  return [noteAt({ line, at: line.text.length }, 'carriage-returns', message)]
}
