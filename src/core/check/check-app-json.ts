import { isRecord } from '../api/fields.ts'
import { type Note, noteAt, quoteForNote } from '../note.ts'
import { BYTE_ORDER_MARK } from '../procfile/source-lines.ts'
import { type Finding, findingOf } from './finding.ts'
import type { RuleId } from './rules.ts'
import { byteOrderMark, linesOf } from './text-file.ts'

/** Finds what is wrong with the formation in an app.json; `types` are those of the Procfile, if it is known. */
export function checkAppJson(file: string, text: string, types?: ReadonlySet<string>): Finding[] {
  const lines = linesOf(text)
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const found = notesOf(body, types).map(({ at, rule, message }) => {
    const before = body.slice(0, at).split('\n')
    const line = lines[before.length - 1] ?? { number: 1, text: '' }
    return noteAt({ line, at: before.at(-1)!.length }, rule, message)
  })
  const notes = [...byteOrderMark(text, 'no JSON may have one'), ...found]
  return notes.map((note: Note) => findingOf(file, note, lines[note.line - 1]?.text ?? ''))
}

const BROKEN = 'This is no JSON from here on. A comma, a quote or a bracket is missing or too many.'

type Fault = { readonly at: number; readonly rule: RuleId; readonly message: string }

function notesOf(text: string, types: ReadonlySet<string> | undefined): Fault[] {
  let app: unknown
  try {
    app = JSON.parse(text)
  } catch (error) {
    return [{ at: brokenAt(text, error as Error), rule: 'app-json-syntax', message: BROKEN }]
  }
  if (!isRecord(app)) {
    return [{ at: 0, rule: 'app-json-syntax', message: 'This is JSON, but no object. Write { … }.' }]
  }
  const { formation } = app
  if (formation === undefined) return []
  const begin = text.indexOf('"formation"')
  if (!isRecord(formation)) {
    const message = 'The formation must be an object: {"web": {"quantity": 1}}.'
    return [{ at: begin, rule: 'formation-quantity', message }]
  }
  return Object.entries(formation).flatMap(([type, wanted]): Fault[] => {
    const at = Math.max(begin, text.indexOf(JSON.stringify(type), begin + 1))
    if (types && !types.has(type)) {
      const message = `There is no ${quoteForNote(type)} in the Procfile. It has ${[...types].join(', ') || 'no process types'}.`
      return [{ at, rule: 'formation-type', message }]
    }
    const quantity = isRecord(wanted) ? wanted['quantity'] : wanted
    if (quantity === undefined || (Number.isSafeInteger(quantity) && Number(quantity) >= 0)) return []
    const message = `How many dynos of ${quoteForNote(type)} there are must be a whole number, 0 or more.`
    return [{ at, rule: 'formation-quantity', message }]
  })
}

// The longest beginning that more text could still make JSON: what follows it is the fault. V8 does not always say where.
function brokenAt(text: string, error: Error): number {
  const end = text.trimEnd().length
  if (endsEarly(error, text)) return end
  let [good, bad] = [0, end + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isPrefix(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

// Whether more text could make this JSON: then the parser complains of the end, and of nothing in it.
function isPrefix(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    return endsEarly(error as Error, text)
  }
}

// Of `{"a"` it says that a colon was expected, at the end.
function endsEarly({ message }: Error, text: string): boolean {
  const place = /at position (\d+)/.exec(message)?.[1]
  return /end of JSON|Unterminated/i.test(message) || Number(place) >= text.length
}
