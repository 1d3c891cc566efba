import { type Note, noteAt, quoteForNote, type SourceLine } from '../note.ts'
import { parseSlugignore } from '../slug/slugignore.ts'
import { type Finding, findingsOf } from './finding.ts'
import { byteOrderMark, carriageReturns, linesOf } from './text-file.ts'

/** Finds what is wrong with a .slugignore. */
export function checkSlugignore(file: string, text: string): Finding[] {
  const lines = linesOf(text)
  const notes = lines.flatMap((line) => {
    if (line.text.startsWith('!')) {
      const message = `Heroku knows no !, so this takes nothing back. Write narrower patterns instead of ${quoteForNote(line.text)}.`
      return [noteAt({ line, at: 0 }, 'negated-pattern', message)]
    }
    if (!parseSlugignore(line.text)('Procfile', false)) return []
    const message = `${quoteForNote(line.text)} leaves out the Procfile, without which a slug has no process types. Delete it, or write a narrower one.`
    return [noteAt({ line, at: 0 }, 'procfile-left-out', message)]
  })
  const mark = byteOrderMark(text, 'it becomes a part of the first pattern')
  return findingsOf(file, lines, [...mark, ...notes, ...carriageReturns(text)])
}

/** Finds what is wrong with a script of .profile.d, or with .profile. */
export function checkProfile(file: string, text: string): Finding[] {
  const lines = linesOf(text)
  const notes: Note[] = carriageReturns(text).map((note) => ({
    ...note,
    rule: 'profile-carriage-returns',
    message:
      'Lines end in CRLF, and bash takes the CR for a part of each command. Save the file with LF line ends.',
  }))
  notes.push(...byteOrderMark(text, 'bash takes it for a part of the first command'))
  if (file.includes('.profile.d/') && !file.endsWith('.sh') && lines[0]) {
    const message = 'Only .profile.d/*.sh is sourced. Give the file a name that ends in .sh.'
    notes.push(noteAt({ line: lines[0], at: 0 }, 'profile-not-sourced', message))
  }
  const exits = lines.map((line) => ({ line, at: exitAt(line) })).find(({ at }) => at >= 0)
  if (exits) {
    const message =
      'This script is sourced, so this can end the dyno before its command starts. Delete it, or put it into ( … ).'
    notes.push(noteAt(exits, 'profile-exits', message))
  }
  return findingsOf(file, lines, notes)
}

// At the beginning of a line, for in a function or an `if` it may well be meant.
function exitAt({ text }: SourceLine): number {
  return /^(?:exit\b|exec [^<>&\d]|set -[a-z]*[eu])/.test(text) ? 0 : -1
}
