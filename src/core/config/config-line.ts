import { isVariableName } from '../environment.ts'
import { type Note, noteAt, quoteForNote, type SourceLine } from '../note.ts'
import { type RawValue, readValue } from './config-value.ts'

/** One `NAME=value` of a .env file, its value not yet expanded. */
export type Assignment = {
  readonly name: string
  readonly raw: RawValue
  /** The line of its name; name and value begin at these indices. */
  readonly line: SourceLine
  readonly nameAt: number
  readonly valueAt: number
}

/** The assignments of a .env file in their order, and notes on lines that are none. */
export type Assignments = {
  readonly assignments: readonly Assignment[]
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** Finds the assignments: a name no shell can hold is skipped with a warning, a line without `=` is an error. */
export function readAssignments(lines: readonly SourceLine[]): Assignments {
  const assignments: Assignment[] = []
  const warnings: Note[] = []
  const errors: Note[] = []
  for (let index = 0; index < lines.length; ) {
    const line = lines[index]!
    const found = readName(line)
    if (found.is === 'yaml') warnings.push(found.note)
    if (found.is === 'mistake') errors.push(found.note)
    if (found.is !== 'name') {
      index++
      continue
    }
    // The value of a skipped name is read too: it may run over lines that look like assignments.
    const { name, nameAt } = found
    const raw = readValue(lines, { index, at: found.valueAt })
    if (isVariableName(name)) assignments.push({ name, raw, line, nameAt, valueAt: found.valueAt })
    else
      warnings.push(
        noteAt(
          { line, at: nameAt },
          'bad-variable-name',
          `${quoteForNote(name)} cannot name a variable and is skipped. ${HINT}`,
        ),
      )
    warnings.push(...raw.warnings)
    errors.push(...raw.errors)
    index = raw.next
  }
  return { assignments, warnings, errors }
}

const HINT = 'Use letters, digits and _, and no digit at the beginning.'

const IS_JSON = 'This looks like JSON, which only node-foreman reads. Write each variable as NAME=value.'
const HAS_NO_EQUALS =
  'There is no = in this line. Write NAME=value, or begin the line with # if it is a comment.'

type Found =
  | { readonly is: 'nothing' }
  | { readonly is: 'yaml' | 'mistake'; readonly note: Note }
  | { readonly is: 'name'; readonly name: string; readonly nameAt: number; readonly valueAt: number }

function readName(line: SourceLine): Found {
  const { text } = line
  if (/^\s*(?:#|$)/.test(text)) return { is: 'nothing' }
  const nameAt = /^\s*(?:export[ \t]+(?=[^\s=]))?/.exec(text)![0].length
  const yaml = /^([A-Za-z_]\w*)[ \t]*:/.exec(text.slice(nameAt))
  if (yaml) {
    const message = `This line looks like YAML and is skipped. Did you mean ${quoteForNote(`${yaml[1]}=`)}?`
    return { is: 'yaml', note: noteAt({ line, at: nameAt + yaml[0].length - 1 }, 'yaml-line', message) }
  }
  const equals = text.indexOf('=', nameAt)
  if (equals < 0) {
    const place = { line, at: nameAt }
    const isJson = /^\s*\{/.test(text)
    const note = isJson ? noteAt(place, 'json-file', IS_JSON) : noteAt(place, 'no-equals', HAS_NO_EQUALS)
    return { is: 'mistake', note }
  }
  const name = text.slice(nameAt, equals).trim()
  if (name !== '') return { is: 'name', name, nameAt, valueAt: equals + 1 }
  return {
    is: 'mistake',
    note: noteAt(
      { line, at: equals },
      'no-variable-name',
      'There is no name before the =. Write NAME=value.',
    ),
  }
}
