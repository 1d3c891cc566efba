import type { Lookup } from '../config.ts'
import { noteAt } from '../note.ts'
import type { AppFacts } from './app-facts.ts'
import { checkAppJson } from './check-app-json.ts'
import { checkProfile, checkSlugignore } from './check-beside.ts'
import { checkDotenv } from './check-dotenv.ts'
import { checkProcfile } from './check-procfile.ts'
import type { FileKind } from './file-kind.ts'
import { type Finding, findingOf } from './finding.ts'
import { hasTooManyLines, linesOf, MOST_LINES } from './text-file.ts'

/** A file to be checked, under the name that a person knows it by. */
export type TextFile = { readonly name: string; readonly kind: FileKind; readonly text: string }

/** What is around it: the app, the types of its Procfile, and variables that are set outside. */
export type Around = {
  readonly app?: AppFacts
  readonly types?: ReadonlySet<string>
  readonly outer: Lookup
}

/** Finds what is wrong with a file, in the order of its lines. */
export function checkText({ name, kind, text }: TextFile, { app, types, outer }: Around): Finding[] {
  if (hasTooManyLines(text)) return [tooLong(name)]
  const nul = text.indexOf('\0')
  if (nul >= 0) return [nulFinding(name, text, nul)]
  switch (kind) {
    case 'procfile':
      return checkProcfile(name, text, app)
    case 'dotenv':
      return checkDotenv(name, text, outer)
    case 'slugignore':
      return checkSlugignore(name, text)
    case 'profile':
      return checkProfile(name, text)
    case 'app-json':
      return checkAppJson(name, text, types)
    default:
      return kind satisfies never
  }
}

function tooLong(name: string): Finding {
  const message = `There are more than ${MOST_LINES} lines, which no such file has. Name another.`
  return findingOf(name, { rule: 'unreadable', line: MOST_LINES + 1, column: 1, message }, '')
}

// What has one is most likely no text at all, and more about it would be noise.
function nulFinding(name: string, text: string, nul: number): Finding {
  const number = text.slice(0, nul).split('\n').length
  const line = linesOf(text)[number - 1]!
  const message =
    'There is a NUL byte here, and no command or variable can hold one. Save the file as plain UTF-8 text.'
  return findingOf(name, noteAt({ line, at: line.text.indexOf('\0') }, 'nul-byte', message), line.text)
}
