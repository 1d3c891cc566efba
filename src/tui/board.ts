import { compareNames } from '../core/name.ts'

/** A dyno as the dashboard lists it. `since` is when its state began, in milliseconds since 1970. */
export type BoardDyno = {
  readonly name: string
  readonly type: string
  readonly state: string
  readonly since: number
  readonly command: string
  readonly size: string
}

/** All that the dashboard shows but the log's lines. */
export type Board = {
  readonly app: string
  /** Where the app is reached; null without a router. */
  readonly url: string | null
  readonly isInMaintenance: boolean
  readonly dynos: readonly BoardDyno[]
  /** The dyno that orders are for. */
  readonly selected: string | null
  /** Whether only the selected dyno's log is shown. */
  readonly isAlone: boolean
  /** How many lines the log is scrolled up; 0 follows it. */
  readonly up: number
  /** Lines that have come since it was scrolled up. */
  readonly fresh: number
  readonly hasTimes: boolean
  readonly wraps: boolean
  /** What was looked for last. */
  readonly found: string
  /** What the keys are for just now: the dashboard, a line that is typed, a question, or help. */
  readonly mode: Mode
  /** The last thing that was done, or went wrong. */
  readonly notice: string
}

export type Mode =
  | { readonly is: 'look' }
  | { readonly is: 'type'; readonly what: 'find' | 'run'; readonly text: string }
  | { readonly is: 'ask'; readonly about: 'stop all' }
  /** From which of the keys on. */
  | { readonly is: 'help'; readonly from: number }

export const LOOK: Mode = { is: 'look' }

export function emptyBoard(app: string): Board {
  return {
    ...{ app, url: null, isInMaintenance: false, dynos: [], selected: null, isAlone: false },
    ...{ up: 0, fresh: 0, hasTimes: true, wraps: false, found: '', mode: LOOK, notice: '' },
  }
}

/** The board with these dynos; the selected one stays selected while it is there. */
export function withDynos(board: Board, dynos: readonly BoardDyno[]): Board {
  const sorted = [...dynos].sort((a, b) => compareNames(a.name, b.name))
  const isThere = sorted.some(({ name }) => name === board.selected)
  const selected = isThere ? board.selected : (sorted[0]?.name ?? null)
  return { ...board, dynos: sorted, selected, isAlone: board.isAlone && isThere }
}

/** The dyno so many places further down, or up; the list has ends. */
export function moved(board: Board, by: number): Board {
  const at = board.dynos.findIndex(({ name }) => name === board.selected)
  const to = board.dynos[Math.min(board.dynos.length - 1, Math.max(0, at + by))]
  return to ? { ...board, selected: to.name } : board
}

/** Scrolls the log so many lines up, or down: there are `count`. At the end it follows. */
export function scrolled(board: Board, by: number, count: number): Board {
  const up = Math.min(Math.max(0, board.up + by), Math.max(0, count - 1))
  return { ...board, up, fresh: up === 0 ? 0 : board.fresh }
}

/** So many lines have come: who looks at older ones is not moved along. */
export function grown(board: Board, lines: number): Board {
  return board.up === 0 ? board : { ...board, up: board.up + lines, fresh: board.fresh + lines }
}

export function selectedDyno(board: Board): BoardDyno | undefined {
  return board.dynos.find(({ name }) => name === board.selected)
}
