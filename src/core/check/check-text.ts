import type { Lookup } from '../config/config.ts'
import { sourceLines } from '../procfile/source-lines.ts'
import type { AppFacts } from './app-facts.ts'
import { checkAppJson } from './check-app-json.ts'
import { checkProfile, checkSlugignore } from './check-beside.ts'
import { checkDotenv } from './check-dotenv.ts'
import { checkProcfile } from './check-procfile.ts'
import type { FileKind } from './file-kind.ts'
import { type Finding, findingOf } from './finding.ts'
import { hasTooManyLines, MOST_LINES } from './text-file.ts'

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
  if (text.includes('\0')) return [nulFinding(name, text)]
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
function nulFinding(name: string, text: string): Finding {
  const { lines, errors } = sourceLines(text)
  const [first] = errors
  return findingOf(name, first!, lines[first!.line - 1]!.text)
}
