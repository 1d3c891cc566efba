// Which lines are good: what either of Heroku's parsers accepts and a shell can run. The classic one is
// `^[[:space:]]*([a-zA-Z0-9_-]+):?\s+(.*)` line by line; the strict one is heroku/buildpacks-procfile (its SPEC.md),
// used on the Fir generation. Where they differ a warning says how; anything else is an error.

import type { RuleId } from '../check/rules.ts'
import { byPlace, type Note, type SourceLine } from '../note.ts'
import { readTypeLine, type TypeLine } from './procfile-line.ts'
import { differenceNotes } from './procfile-portability.ts'
import { BYTE_ORDER_MARK, sourceLines } from './source-lines.ts'

/** Process types and their commands, in the order of the Procfile. */
export type ProcessTypes = ReadonlyMap<string, string>

/** A Procfile as read; with errors there are no types, so nobody can start half a file. */
export type Procfile = {
  readonly types: ProcessTypes
  readonly warnings: readonly Note[]
  readonly errors: readonly Note[]
}

/** A Procfile taken apart: its lines, and those of them that are process types, whatever else is wrong with it. */
export type ReadProcfile = Omit<Procfile, 'types'> & {
  readonly lines: readonly SourceLine[]
  readonly good: readonly TypeLine[]
}

/** Reads a Procfile; commands are passed on as written, and a file without types is a warning, not an error. */
export function parseProcfile(text: string): Procfile {
  const { good, errors, warnings } = readProcfile(text)
  const types = new Map(errors.length > 0 ? [] : good.map(({ name, command }) => [name, command]))
  return { types, warnings, errors }
}

/** The same, line by line: for who has more to say of each. */
export function readProcfile(text: string): ReadProcfile {
  const source = sourceLines(text)
  const readings = source.lines.filter(({ text }) => !/^[ \t]*(?:#|$)/.test(text)).map(readTypeLine)
  const good = readings.filter((reading) => reading.is === 'type')
  const wrong = readings.filter((reading) => reading.is === 'mistake')
  const errors = [...source.errors, ...wrong.map(({ note }) => note)]
  const warnings = [
    ...(text.startsWith(BYTE_ORDER_MARK) ? [atTop('byte-order-mark', HAS_MARK)] : []),
    ...(readings.length === 0 ? [atTop('no-process-types', HAS_NO_TYPES)] : []),
    ...source.warnings,
    ...differenceNotes(good),
  ]
  return { lines: source.lines, good, warnings: warnings.sort(byPlace), errors: errors.sort(byPlace) }
}

const HAS_NO_TYPES = 'There is no process type in this file. Add a line such as `web: node server.js`.'
const HAS_MARK =
  'The file begins with a byte-order mark, and Heroku cannot read the line it is in. Save it as UTF-8 without BOM.'

function atTop(rule: RuleId, message: string): Note {
  return { rule, line: 1, column: 1, message }
}
