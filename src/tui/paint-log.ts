import { formatLogLine, parseLogLine } from '../core/log/log.ts'
import { plainLine } from '../core/log/safe-line.ts'
import type { Board, Prompt } from './board.ts'
import { inverted, widthOf, wrapped } from './coloured.ts'
import type { PaneSize } from './layout.ts'
import { choiceFor, passesChoice } from './log-choice.ts'
import type { ScrollBack } from './scroll-back.ts'
import type { Style } from './theme.ts'

type Look = PaneSize & { readonly style: Style }

/** The lines of the log that fit; at its end what dynos have begun to say as well. */
export function paintLog(board: Board, log: ScrollBack, look: Look): string[] {
  const { columns, rows, style } = look
  const lines = log.page(board.up, rows).map((line) => shortened(line, board.hasTimes, style))
  const found = board.found === '' ? lines : lines.map((line) => highlighted(line, board.found))
  const choice = choiceFor(board)
  const isShown = ({ since: at, ps, text: message }: Prompt) =>
    passesChoice(formatLogLine({ at, ps, message, source: 'app' }), choice)
  const prompts = board.isHeld ? [] : board.prompts.filter(isShown)
  const all = [...found, ...prompts.map((prompt) => paintPrompt(prompt, board, style))]
  if (!board.wraps) return all.slice(-rows)
  // Of a line that is higher than the pane its end is seen while the log follows, and its beginning when it stands still.
  const last = wrapped(all.at(-1) ?? '', columns)
  if (board.isHeld && last.length > rows) return last.slice(0, rows)
  return all.flatMap((line) => wrapped(line, columns)).slice(-rows)
}

/** By how many lines a page of the log is older, or newer: one line is seen in both pages, and none in neither. */
export function pageOf(board: Board, log: ScrollBack, { columns, rows }: PaneSize, isOlder: boolean): number {
  if (!board.wraps) return Math.max(1, rows - 1)
  const { up, hasTimes, isHeld, prompts } = board
  const newer = Math.min(up, rows)
  const lines = isOlder ? log.page(up, rows).toReversed() : log.page(up - newer, newer + 1)
  let room = isOlder && !isHeld ? rows - prompts.length : rows
  let whole = 0
  for (const line of lines) {
    const height = wrapped(shortened(line, hasTimes, AS_IT_IS), columns).length
    if (height > room) break
    room -= height
    whole += 1
  }
  const isOneInPart = isOlder && room > 0 && whole < lines.length
  return Math.max(1, isOneInPart ? whole : whole - 1)
}

const AS_IT_IS: Pick<Style, 'line'> = { line: (text) => text }

function paintPrompt({ ps, text }: Prompt, { hasTimes }: Board, style: Style): string {
  return style.as('dim', `${hasTimes ? '       … ' : ''}${ps}: `) + text
}

// `17:34:01 web.1: message`: who said it, and when it was today.
function shortened(line: string, hasTimes: boolean, style: Pick<Style, 'line'>): string {
  const parsed = parseLogLine(line)
  if (!parsed) return line
  const end = line.indexOf(']:') + 2
  const time = hasTimes ? `${parsed.time.slice(11, 19)} ` : ''
  return style.line(line).replace(line.slice(0, end), `${time}${parsed.ps}:`)
}

function highlighted(line: string, text: string): string {
  const plain = plainLine(line)
  const at = plain.toLowerCase().indexOf(text.toLowerCase())
  if (at < 0) return line
  const from = widthOf(plain.slice(0, at))
  return inverted(line, from, from + widthOf(plain.slice(at, at + text.length)))
}
