import { ONE_OFF } from '../name.ts'
import { type Note, noteAt, quoteForNote, type SourceLine } from '../note.ts'

/** A good line of a Procfile: a process type and its command, as written but for the blanks before it. */
export type TypeLine = {
  readonly is: 'type'
  readonly name: string
  readonly command: string
  readonly line: SourceLine
  /** Where the name begins, as an index into the line. */
  readonly nameAt: number
  /** The index after the colon. */
  readonly colonEnd: number
}

/** A line that is neither a comment nor a process type, and what is wrong with it. */
export type Mistake = { readonly is: 'mistake'; readonly note: Note }

/** Reads one line that is neither empty nor a comment. */
export function readTypeLine(line: SourceLine): TypeLine | Mistake {
  const match = /^([ \t]*)([\w-]+):[ \t]*(.*)$/s.exec(line.text)
  if (!match) return { is: 'mistake', note: shapeMistake(line) }
  const [name, command, nameAt] = [match[2]!, match[3]!, match[1]!.length]
  const found: TypeLine = { is: 'type', name, command, line, nameAt, colonEnd: nameAt + name.length + 1 }
  const note = contentMistake(found)
  return note ? { is: 'mistake', note } : found
}

const LONGEST_NAME = 128
const COMMENT_HINT = 'or begin the line with # if it is a comment'

// `name:` is there, but nothing on Heroku could be started from this line.
function contentMistake({ name, command, line, nameAt, colonEnd }: TypeLine): Note | undefined {
  if (/^[ \t]*[\w-]+(?::[\w-]+)+:(?:[ \t]|$)/.test(line.text)) {
    return noteAt({ line, at: colonEnd - 1 }, 'colon-in-name', 'Names cannot hold a colon. Write - instead.')
  }
  if (command.trim() === '') {
    return noteAt(
      { line, at: colonEnd },
      'no-command',
      `There is no command after ${quoteForNote(`${name}:`)}. Add one or delete the line.`,
    )
  }
  if (name.length > LONGEST_NAME) {
    return noteAt(
      { line, at: nameAt },
      'name-too-long',
      `This name has ${name.length} characters. Shorten it to ${LONGEST_NAME} or fewer.`,
    )
  }
  if (name === ONE_OFF) {
    return noteAt(
      { line, at: nameAt },
      'reserved-name',
      '`run` is taken: `run.1` is the name of a one-off dyno. Choose another name.',
    )
  }
  return undefined
}

// `name:` is not there: what is most likely meant, and in which column it goes wrong.
function shapeMistake(line: SourceLine): Note {
  if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(line.text)) {
    return noteAt(
      { line, at: 0 },
      'merge-conflict',
      'This is a merge conflict marker. Resolve the conflict first.',
    )
  }
  const match = /^([ \t]*)([\w-]*)/.exec(line.text)!
  const [name, at] = [match[2]!, match[0].length]
  const rest = line.text.slice(at)
  if (name === '' && rest.startsWith(':')) {
    return noteAt({ line, at }, 'no-name', 'There is no name before the colon. Write `name: command`.')
  }
  if (name !== '' && /^[ \t]+:/.test(rest)) {
    return noteAt({ line, at }, 'blank-before-colon', 'Delete the blank before the colon.')
  }
  if (!rest.includes(':') || /^[ \t]/.test(rest)) {
    return noteAt(
      { line, at },
      'no-colon',
      `There is no colon after a name. Write \`name: command\`, ${COMMENT_HINT}.`,
    )
  }
  if (name !== '' && /^\.\d+:/.test(rest)) {
    const type = quoteForNote(`${name}:`)
    return noteAt(
      { line, at },
      'instance-name',
      `This names one dyno. Write ${type} and set how many you want with \`dyno ps:scale\`.`,
    )
  }
  const character = quoteForNote(String.fromCodePoint(rest.codePointAt(0)!))
  return noteAt(
    { line, at },
    'bad-name-character',
    `${character} cannot be in a name. Use letters, digits, - and _, ${COMMENT_HINT}.`,
  )
}
