import { type Note, noteAt, quoteForNote } from '../note.ts'
import type { TypeLine } from './procfile-line.ts'

/** Where the classic Heroku, its Fir generation and the local runners read these lines differently. */
export function differenceNotes(lines: readonly TypeLine[]): Note[] {
  return [...lines.flatMap(layoutNotes), ...lines.flatMap(nameNotes), ...repetitionNotes(lines)]
}

function layoutNotes({ name, command, line, nameAt, colonEnd }: TypeLine): Note[] {
  const notes: Note[] = []
  if (nameAt > 0) {
    const message = `Delete the blanks before ${quoteForNote(name)}: Heroku skips them, \`heroku local\` cannot.`
    notes.push(noteAt({ line, at: 0 }, 'blank-before-name', message))
  }
  if (line.text.length - command.length === colonEnd) {
    notes.push(
      noteAt(
        { line, at: colonEnd },
        'no-blank-after-colon',
        'Put a blank after the colon: classic Heroku wants one, Fir does not.',
      ),
    )
  }
  return notes
}

function nameNotes({ name, line, nameAt }: TypeLine): Note[] {
  const [written, onFir] = [quoteForNote(name), nameOnFir(name)]
  if (onFir.length > 63 || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(onFir)) {
    const wanted = '63 characters or fewer, a letter or digit at both ends'
    return [
      noteAt(
        { line, at: nameAt },
        'name-refused-by-fir',
        `Classic Heroku takes the name ${written}, Fir refuses it: it wants ${wanted}.`,
      ),
    ]
  }
  if (onFir === name) return []
  const better = quoteForNote(onFir)
  return [
    noteAt(
      { line, at: nameAt },
      'name-changed-by-fir',
      `Classic Heroku keeps the name ${written}, Fir makes it ${better}. Write ${better}.`,
    ),
  ]
}

// Of two definitions the last wins, here and on Heroku; the place in the order stays that of the first.
function repetitionNotes(lines: readonly TypeLine[]): Note[] {
  const [named, namedOnFir] = [new Map<string, TypeLine>(), new Map<string, TypeLine>()]
  return lines.flatMap((type) => {
    const { name, line, nameAt } = type
    const [same, alike] = [named.get(name), namedOnFir.get(nameOnFir(name))]
    named.set(name, type)
    namedOnFir.set(nameOnFir(name), type)
    if (same) {
      const message = `${quoteForNote(name)} is also in line ${same.line.number}. This line wins: delete one of them.`
      return [noteAt({ line, at: nameAt }, 'duplicate-type', message)]
    }
    if (!alike) return []
    const both = `${quoteForNote(alike.name)} in line ${alike.line.number} and ${quoteForNote(name)}`
    return [
      noteAt(
        { line, at: nameAt },
        'duplicate-type-on-fir',
        `On Heroku Fir ${both} are one name, and this line wins. Rename one of them.`,
      ),
    ]
  })
}

function nameOnFir(name: string): string {
  return name.replaceAll('_', '-').toLowerCase()
}
