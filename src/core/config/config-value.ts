import { type Note, noteAt, type SourceLine } from '../note.ts'

/** Where a value begins: an index into the lines, and an index into that line's text. */
export type ValuePlace = { readonly index: number; readonly at: number }

/** A value of a .env file as it stands between its quotes, or trimmed and without its comment. */
export type RawValue = {
  readonly text: string
  readonly quote: '"' | "'" | ''
  /** The index of the first line after it: a value in quotes may run over several. */
  readonly next: number
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** Reads the value that begins right after a `=`. */
export function readValue(lines: readonly SourceLine[], { index, at }: ValuePlace): RawValue {
  const { text } = lines[index]!
  const begin = text.length - text.slice(at).trimStart().length
  const first = text[begin]
  if (first === '"' || first === "'") return quotedValue(lines, { index, at: begin }, first)
  return bareValue(lines, { index, at })
}

function quotedValue(lines: readonly SourceLine[], place: ValuePlace, quote: '"' | "'"): RawValue {
  const parts: string[] = []
  for (let index = place.index; index < lines.length; index++) {
    const line = lines[index]!
    const begin = index === place.index ? place.at + 1 : 0
    const end = closingQuote(line.text, begin, quote)
    parts.push(line.text.slice(begin, end < 0 ? undefined : end))
    if (end < 0) continue
    return {
      text: parts.join('\n'),
      quote,
      next: index + 1,
      ...tailNotes(line, end + 1, lines[place.index]!),
    }
  }
  const message = `This quote is never closed. Add a ${quote} at the end of the value.`
  const error = noteAt({ line: lines[place.index]!, at: place.at }, 'unclosed-value', message)
  return { text: '', quote, next: lines.length, warnings: [], errors: [error] }
}

function closingQuote(text: string, from: number, quote: '"' | "'"): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === quote) return at
    if (quote === '"' && text[at] === '\\') at++
  }
  return -1
}

// After the closing quote there may be blanks and a comment.
function tailNotes(line: SourceLine, at: number, opening: SourceLine): Pick<RawValue, 'warnings' | 'errors'> {
  const rest = line.text.slice(at)
  const tail = rest.trimStart()
  if (rest.startsWith('#')) {
    const message = 'Put a blank before this #: it begins a comment here, a shell would add it to the value.'
    return { warnings: [noteAt({ line, at }, 'hash-after-quote', message)], errors: [] }
  }
  if (tail === '' || tail.startsWith('#')) return { warnings: [], errors: [] }
  const opened = opening === line ? '' : ` (opened in line ${opening.number})`
  const message = `There is text after the closing quote${opened}. Put the whole value in one pair of quotes.`
  return {
    warnings: [],
    errors: [noteAt({ line, at: at + rest.length - tail.length }, 'text-after-quote', message)],
  }
}

// A comment needs a blank before its #, so that `redis://db/#one` and `#abc` stay whole.
function bareValue(lines: readonly SourceLine[], { index, at }: ValuePlace): RawValue {
  const line = lines[index]!
  const rest = line.text.slice(at)
  const comment = rest.search(/[ \t]#/)
  const kept = comment < 0 ? rest : rest.slice(0, comment)
  const text = kept.trim()
  const begin = at + kept.length - kept.trimStart().length
  const warnings: Note[] = []
  if (text.includes('#')) {
    const message = '`heroku local` cuts the value here. Put it in quotes.'
    warnings.push(noteAt({ line, at: begin + text.indexOf('#') }, 'hash-in-value', message))
  }
  if (text.startsWith('`')) {
    const message = 'Back-quotes stay in the value: they quote nothing and run nothing. Use " or \' instead.'
    warnings.push(noteAt({ line, at: begin }, 'back-quotes', message))
  }
  return { text, quote: '', next: index + 1, warnings, errors: [] }
}
