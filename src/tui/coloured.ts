import stringWidth from 'string-width'

// A line with SGR colours in it, by the cells it takes: colours take none, and some characters two.

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what it is about
const COLOUR = /\x1b\[[\d;:]*m/g

/** A colour, or a character as a reader counts them and the cells it takes. */
type Piece = { readonly text: string; readonly width: number }

const readers = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The line, piece by piece. */
function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of line.matchAll(COLOUR)) {
    pieces.push(...charactersOf(line.slice(at, match.index)), { text: match[0], width: 0 })
    at = match.index + match[0].length
  }
  pieces.push(...charactersOf(line.slice(at)))
  return pieces
}

function charactersOf(text: string): Piece[] {
  if (isPlain(text)) return [...text].map((character) => ({ text: character, width: 1 }))
  return [...readers.segment(text)].map(({ segment }) => ({ text: segment, width: stringWidth(segment) }))
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

/** How many cells a text without colours takes. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text)
}

/** The text in so many cells: cut with an ellipsis, or filled up with blanks. */
export function fitted(text: string, width: number): string {
  const used = widthOf(text)
  if (used <= width) return text + ' '.repeat(width - used)
  let [cut, at] = ['', 0]
  for (const { text: character, width: cells } of charactersOf(text)) {
    if (at + cells > width - 1) break
    cut += character
    at += cells
  }
  return `${cut}…${' '.repeat(Math.max(0, width - 1 - at))}`
}

/** The end of a text that has room in so many cells, with an ellipsis before it where that is not all. */
export function fittedEnd(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let [end, room] = ['', width - 1]
  for (const { text: character, width: cells } of charactersOf(text).toReversed()) {
    if (cells > room) break
    end = character + end
    room -= cells
  }
  return `…${end}`
}

/** The line over as many rows as it takes. Colours go on in the next row by themselves. */
export function wrapped(line: string, columns: number): string[] {
  const rows = ['']
  let used = 0
  for (const { text, width } of piecesOf(line)) {
    if (used + width > columns) {
      rows.push('  ')
      used = 2
    }
    rows[rows.length - 1] += text
    used += width
  }
  return rows
}

/** What stands between two columns of a line, without colours; `to` is behind the last one. */
export function sliced(line: string, from: number, to: number): string {
  let [text, at] = ['', 0]
  for (const piece of piecesOf(line)) {
    if (piece.width > 0 && at >= from && at < to) text += piece.text
    at += piece.width
  }
  return text
}

/** The line with what stands between two columns inverted, in no other colour. */
export function inverted(line: string, from: number, to: number): string {
  const [ON, OFF] = ['\u001b[7m', '\u001b[27m']
  let [text, at, isOn] = ['', 0, false]
  for (const piece of piecesOf(line)) {
    const isInside = piece.width > 0 && at >= from && at < to
    const isColour = piece.width === 0 && piece.text.startsWith('\u001b')
    if (isColour && isOn) text += OFF
    if (isColour) isOn = false
    if (isInside && !isOn) text += ON
    if (!isInside && isOn && !isColour) text += OFF
    if (!isColour) isOn = isInside
    text += piece.text
    at += piece.width
  }
  return isOn ? text + OFF : text
}
