import { type LogFilter, parseLogLine, passesFilter } from '../core/log/log.ts'
import { plainLine } from '../core/log/safe-line.ts'

/** Which lines of the log are shown: of a dyno, from a source, with a text, in small letters. */
export type LogChoice = { readonly filter: LogFilter; readonly text: string }

/** Which lines a board shows: those its filter lets pass, and of one dyno where only that is shown. */
export function choiceFor({ filter: typed, isAlone, selected }: Chosen): LogChoice {
  const { filter, text } = parseChoice(typed)
  return { text, filter: { ...filter, ...(isAlone && selected !== null ? { ps: selected } : {}) } }
}

type Chosen = { readonly filter: string; readonly isAlone: boolean; readonly selected: string | null }

/** Reads what was typed, in the words of `dyno logs`: `-p web.1 -s app`, and any text. */
export function parseChoice(typed: string): LogChoice {
  let rest = ` ${typed} `
  const taken = (...names: string[]): string | undefined => {
    for (const name of names) {
      const match = new RegExp(` ${name}[= ]+(\\S+) `).exec(rest)
      if (!match) continue
      rest = rest.replace(match[0], ' ')
      return match[1]
    }
    return undefined
  }
  const ps = taken('-p', '--process-type', '--ps', '-d', '--dyno-name', '--dyno')
  const source = taken('-s', '--source')
  const filter = { ...(ps === undefined ? {} : { ps }), ...(source === undefined ? {} : { source }) }
  return { filter, text: rest.trim().toLowerCase() }
}

/** Whether a line of the log has this text, which is in small letters, where it is seen: in who says it and what. */
export function hasText(line: string, text: string): boolean {
  const parsed = parseLogLine(line)
  const seen = parsed ? `${parsed.ps}: ${parsed.message}` : line
  return plainLine(seen).toLowerCase().includes(text)
}

/** Whether the line is one of those that are shown. */
export function passesChoice(line: string, { filter, text }: LogChoice): boolean {
  return passesFilter(line, filter) && (text === '' || hasText(line, text))
}

const WORDS = /(?:\b|_)(?:error|exception|fatal|panic|traceback|segfault)\b/i
/** What programs call their errors: `TypeError`, `NullPointerException`. */
const NAMES = /\w(?:Error|Exception)\b/

/** Whether a line of the log tells of something that went wrong. */
export function isError(line: string): boolean {
  const parsed = parseLogLine(line)
  if (!parsed) return false
  const { source, ps } = parsed
  const message = plainLine(parsed.message)
  if (ps === 'router') return /(?:^| )(?:at=error |status=5\d\d)/.test(message)
  if (source === 'heroku')
    return /^Error [A-Z]\d+|to crashed$|^Process exited with status (?!0$)/.test(message)
  return WORDS.test(message) || NAMES.test(message)
}
