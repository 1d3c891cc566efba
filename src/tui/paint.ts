import { age } from '../core/listing.ts'
import { parseLogLine } from '../core/log.ts'
import { type Board, type BoardDyno, selectedDyno } from './board.ts'
import { KEYS, SHORT } from './keys.ts'
import type { ScrollBack } from './scroll-back.ts'

/** The text of each pane: lines with SGR colours, each no longer than its pane unless the log is wrapped. */
export type Painted = {
  readonly head: string
  readonly list: readonly string[]
  readonly log: readonly string[]
  readonly detail: string
  readonly foot: string
}

export type PaneSize = { readonly columns: number; readonly rows: number }

/** How things look: a colour or nothing, where none are wanted. */
export type Style = {
  colour(code: number | string, text: string): string
  /** A whole line of the log in Heroku's colours. */
  line(line: string): string
}

/** What is to be seen now. Sizes are those of the panes for the list and the log. */
export function paint(
  board: Board,
  log: ScrollBack,
  { list, lines, now, style }: { list: PaneSize; lines: PaneSize; now: number; style: Style },
): Painted {
  return {
    head: paintHead(board, style),
    list: paintList(board, { ...list, now, style }),
    log:
      board.mode.is === 'help'
        ? paintHelp(board.mode.from, lines.rows, style)
        : paintLog(board, log, { ...lines, style }),
    detail: paintDetail(board, style),
    foot: paintFoot(board, style),
  }
}

function paintHead({ app, url, isInMaintenance, dynos }: Board, { colour }: Style): string {
  const up = dynos.filter(({ state }) => state === 'up').length
  const count = dynos.length === 0 ? 'no dynos' : `${up} of ${dynos.length} up`
  const parts = [
    colour(1, app),
    count,
    url && colour(36, url),
    isInMaintenance && colour('30;43', ' maintenance '),
  ]
  return ` ${parts.filter(Boolean).join('  ')}`
}

const MARKS: Readonly<Record<string, readonly [mark: string, colour: number]>> = {
  up: ['●', 32],
  starting: ['◐', 33],
  crashed: ['✖', 31],
}

type ListLook = PaneSize & { readonly now: number; readonly style: Style }

// The selected one is always among those that are shown.
function paintList({ dynos, selected, isAlone }: Board, look: ListLook): string[] {
  const at = Math.max(
    0,
    dynos.findIndex(({ name }) => name === selected),
  )
  const from = Math.max(0, Math.min(at - Math.floor(look.rows / 2), dynos.length - look.rows))
  return dynos.slice(from, from + look.rows).map((dyno) => {
    const isSelected = dyno.name === selected
    return paintDyno(dyno, { ...look, isSelected, isAlone })
  })
}

function paintDyno(
  { name, state, since }: BoardDyno,
  { columns, now, style, isSelected, isAlone }: ListLook & { isSelected: boolean; isAlone: boolean },
): string {
  const [mark, colour] = MARKS[state] ?? ['○', 2]
  const right = `${state} ${age(now - since)}`
  const room = Math.max(4, columns - right.length - 6)
  const shown = name.length > room ? `${name.slice(0, room - 1)}…` : name.padEnd(room)
  const pointer = isSelected ? (isAlone ? '»' : '›') : ' '
  const text = `${pointer} ${style.colour(colour, mark)} ${shown} ${style.colour(colour, right)} `
  return isSelected ? style.colour(1, text) : text
}

function paintLog(board: Board, log: ScrollBack, look: PaneSize & { style: Style }): string[] {
  const { columns, rows, style } = look
  const shown = log.page(board.up, rows).map((line) => shortened(line, board.hasTimes, style))
  const marked = board.found === '' ? shown : shown.map((line) => highlighted(line, board.found, style))
  if (!board.wraps) return marked
  return marked.flatMap((line) => wrapped(line, columns)).slice(-rows)
}

// `17:34:01 web.1: message`: who said it, and when it was today.
function shortened(line: string, hasTimes: boolean, style: Style): string {
  const parsed = parseLogLine(line)
  if (!parsed) return line
  const end = line.indexOf(']:') + 2
  const time = hasTimes ? `${localTime(parsed.time)} ` : ''
  return style.line(line).replace(line.slice(0, end), `${time}${parsed.ps}:`)
}

function localTime(stamp: string): string {
  return stamp.slice(11, 19)
}

function highlighted(line: string, text: string, { colour }: Style): string {
  const at = line.toLowerCase().indexOf(text.toLowerCase())
  if (at < 0) return line
  return line.slice(0, at) + colour(7, line.slice(at, at + text.length)) + line.slice(at + text.length)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what it is about
const COLOUR_OR_CHARACTER = /\x1b\[[\d;]*m|./gu

// Colours take no room; they go on in the next row by themselves.
function wrapped(line: string, columns: number): string[] {
  const rows = ['']
  let used = 0
  for (const [piece] of line.matchAll(COLOUR_OR_CHARACTER)) {
    const isColour = piece.startsWith('\u001b')
    if (!isColour && used === columns) {
      rows.push('  ')
      used = 2
    }
    rows[rows.length - 1] += piece
    if (!isColour) used++
  }
  return rows
}

function paintHelp(from: number, rows: number, { colour }: Style): string[] {
  return KEYS.slice(from, from + rows).map(({ shown, help }) => ` ${colour(1, shown.padEnd(8))} ${help}`)
}

function paintDetail(board: Board, { colour }: Style): string {
  if (board.mode.is === 'type') return ` ${board.mode.what}: ${board.mode.text}█`
  if (board.mode.is === 'ask') return colour('30;41', ' End everything that runs here? y / n ')
  if (board.mode.is === 'help') return ' any key goes on'
  if (board.notice !== '') return ` ${board.notice}`
  const dyno = selectedDyno(board)
  return dyno ? colour(2, ` ${dyno.name}  ${dyno.size}  ${dyno.command.replace(/\s+/g, ' ')}`) : ''
}

function paintFoot(board: Board, { colour }: Style): string {
  const keys = SHORT.map(([shown, help]) => `${colour(1, shown)} ${help}`).join('  ')
  if (board.up === 0) return ` ${keys}`
  const fresh = board.fresh > 0 ? `, ${board.fresh} new` : ''
  return ` ${colour('30;43', ` stands still${fresh} · End follows `)}  ${keys}`
}
