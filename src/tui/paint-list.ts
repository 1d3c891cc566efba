import { age } from '../core/listing.ts'
import { type Board, type BoardDyno, waitsForInput } from './board.ts'
import { fitted, widthOf } from './coloured.ts'
import type { PaneSize } from './layout.ts'
import { type Style, stateMark } from './theme.ts'
import { shortMemory, sparkline, type Use } from './usage.ts'

type Look = PaneSize & { readonly style: Style; readonly now: number }

/** A row of the list: a dyno, or the heading of its type where there is room for those. */
export type ListRow = { readonly dyno: BoardDyno } | { readonly heading: string }

/** From this width on the list has what dynos use as well. */
const ROOMY = 44
const BARS = 6
/** What is said of a dyno at a prompt: its name is whole before that is. */
const WAITING = { long: 'waiting for input', short: 'input?' }

/** The rows that are shown; the selected dyno is always among them. */
export function listRows({ dynos, selected }: Board, rows: number): ListRow[] {
  const types = [...new Set(dynos.map(({ type }) => type))]
  const hasRoom = types.length > 1 && dynos.length + types.length <= rows
  const all = types.flatMap((type): ListRow[] => {
    const ofType = dynos.filter((dyno) => dyno.type === type)
    const heading = { heading: ofType.length > 1 ? `${type} ×${ofType.length}` : type }
    return [...(hasRoom ? [heading] : []), ...ofType.map((dyno) => ({ dyno }))]
  })
  const at = Math.max(
    0,
    all.findIndex((row) => 'dyno' in row && row.dyno.name === selected),
  )
  const from = Math.max(0, Math.min(at - Math.floor(rows / 2), all.length - rows))
  return all.slice(from, from + rows)
}

export function paintList(board: Board, look: Look): string[] {
  return listRows(board, look.rows).map((row) => {
    return 'dyno' in row ? paintDyno(board, row.dyno, look) : look.style.as('dim', ` ${row.heading}`)
  })
}

function paintDyno(board: Board, dyno: BoardDyno, { columns, now, style }: Look): string {
  const { name, state, since } = dyno
  const isSelected = name === board.selected
  const isWaiting = waitsForInput(board, name, now)
  const [mark, role] = isWaiting ? (['▸', 'warn'] as const) : stateMark(state)
  const used = columns >= ROOMY ? paintUse(board.usage?.dynos.get(name)) : ''
  const roomBeside = (right: string) => Math.max(4, columns - right.length - widthOf(used) - 6)
  const waiting = roomBeside(WAITING.long) < widthOf(name) ? WAITING.short : WAITING.long
  const right = isWaiting ? waiting : `${state} ${age(now - since).padStart(3)}`
  const room = roomBeside(right)
  const pointer = isSelected ? (board.isAlone ? '»' : '›') : ' '
  const shown = isSelected ? style.as('strong', fitted(name, room)) : fitted(name, room)
  return `${pointer} ${style.as(role, mark)} ${shown} ${style.as(role, right)}${used} `
}

// Restarts, processor, memory and how that went: 22 cells.
function paintUse(use: Use | undefined): string {
  const restarts = use && use.restarts > 0 ? `↻${use.restarts}` : ''
  const cpu = use?.cpu == null ? '' : `${Math.round(use.cpu * 100)}%`
  const memory = use?.memory == null ? '' : shortMemory(use.memory)
  return `${restarts.padStart(4)}${cpu.padStart(5)}${memory.padStart(6)} ${sparkline(use?.memories ?? [], BARS, use?.memory_quota)}`
}
