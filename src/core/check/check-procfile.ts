import { type Note, noteAt, quoteForNote } from '../note.ts'
import { readProcfile } from '../procfile/procfile.ts'
import type { TypeLine } from '../procfile/procfile-line.ts'
import type { AppFacts } from './app-facts.ts'
import { checkCommand } from './check-command.ts'
import { type Finding, findingsOf } from './finding.ts'
import { carriageReturns } from './text-file.ts'

/** Finds what is wrong with a Procfile; what only a look at the app can tell is left out when there is none. */
export function checkProcfile(file: string, text: string, app?: AppFacts): Finding[] {
  const { lines, good, errors, warnings } = readProcfile(text)
  return findingsOf(file, lines, [
    ...errors,
    ...warnings,
    ...carriageReturns(text),
    ...dashNotes(good),
    ...good.flatMap((type) => [...nameNotes(type), ...checkCommand(type, app)]),
  ])
}

function nameNotes({ name, line, nameAt }: TypeLine): Note[] {
  const meant = meantName(name)
  if (meant === undefined) return []
  const effect = meant === 'web' ? 'is sent requests' : 'is run before a release goes live'
  const message = `Only a process type called \`${meant}\` ${effect}. Write \`${meant}\` if ${quoteForNote(name)} is meant to.`
  return [noteAt({ line, at: nameAt }, 'special-name', message)]
}

// One is enough to stop it, so one is told.
function dashNotes(types: readonly TypeLine[]): Note[] {
  const [first, ...others] = types.filter(({ name }) => name.includes('-'))
  if (!first) return []
  const names =
    others.length === 0 ? quoteForNote(first.name) : `${quoteForNote(first.name)} and ${others.length} more`
  const message = `heroku local cannot read names with a dash, and starts nothing. Rename ${names} if you use it.`
  return [noteAt({ line: first.line, at: first.nameAt }, 'dash-in-name', message)]
}

const SPECIAL = ['web', 'release'] as const

// Large letters, a plural, and slips of the finger; `web2` and `webpack` are names of their own.
function meantName(name: string): string | undefined {
  const small = name.toLowerCase()
  return (
    SPECIAL.find(
      (special) =>
        name !== special && (small === special || small === `${special}s` || isSwapped(small, special)),
    ) ?? SLIPS.get(small)
  )
}

function isSwapped(word: string, of: string): boolean {
  if (word.length !== of.length) return false
  const at = [...word].findIndex((letter, i) => letter !== of[i])
  return at >= 0 && word === of.slice(0, at) + of[at + 1] + of[at] + of.slice(at + 2)
}

const SLIPS = new Map([
  ['www', 'web'],
  ['relase', 'release'],
  ['realease', 'release'],
  ['releas', 'release'],
])
