import type { LogFilter, Unfinished } from '../../core/log/log.ts'
import { formatLogLine, passesFilter } from '../../core/log/log.ts'
import { plainLine } from '../../core/log/safe-line.ts'

/** Goes back to the row's begin and clears it. */
const CLEAR = '\r\u001b[2K'

/** For a terminal that was not told how wide it is, in columns. */
const USUAL_WIDTH = 80

/** The row below the log on a terminal: what a dyno has begun to say and not ended, until it goes on. */
export type PromptRow = {
  /** Shows the newest of these, or nothing. */
  show(lines: readonly Unfinished[]): void
  /** A text of whole lines as it must be written to stand above the row. */
  above(text: string): string
}

export function openPromptRow(
  stdout: NodeJS.WriteStream,
  { filter, colour }: { readonly filter: LogFilter; readonly colour: ((line: string) => string) | undefined },
): PromptRow {
  let row = ''
  return {
    show(lines) {
      const newest = lines.map((line) => formatLogLine({ ...line, source: 'app' }))
      const last = newest.findLast((line) => passesFilter(line, filter))
      const next = last === undefined ? '' : fitted(plainLine(last), stdout.columns || USUAL_WIDTH)
      const shown = colour ? colour(next) : next
      if (shown === row) return
      stdout.write((row === '' ? '' : CLEAR) + shown)
      row = shown
    },
    above: (text) => (row === '' ? text : CLEAR + text + row),
  }
}

// A row that wraps could not be cleared again. Who is wide is not known here, so all that is not ASCII counts double, and
// a tab is a blank.
function fitted(text: string, columns: number): string {
  const line = text.replaceAll('\t', ' ')
  let room = columns - 1
  let end = 0
  for (const character of line) {
    room -= character <= '~' ? 1 : 2
    if (room < 0) break
    end += character.length
  }
  return line.slice(0, end)
}
