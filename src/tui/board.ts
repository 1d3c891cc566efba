import { compareNames } from '../core/name.ts'
import { LOOK, type Mode } from './mode.ts'
import type { Selection } from './selection.ts'
import type { Tour } from './tour.ts'
import type { Usage } from './usage.ts'

/** A dyno as the dashboard lists it. `since` is when its state began, in milliseconds since 1970. */
export type BoardDyno = {
  readonly name: string
  readonly type: string
  readonly state: string
  readonly since: number
  readonly command: string
  readonly size: string
  /** The release it runs on; null for a one-off. */
  readonly version: number | null
}

/** A line that a dyno has begun and not ended, and since when, in milliseconds since 1970. */
export type Prompt = { readonly ps: string; readonly text: string; readonly since: number }

/** All that the dashboard shows but the log's lines and what is on terminals. */
export type Board = {
  readonly app: string
  /** Where the app is reached; null without a router. */
  readonly url: string | null
  readonly isInMaintenance: boolean
  readonly dynos: readonly BoardDyno[]
  readonly usage: Usage | undefined
  readonly prompts: readonly Prompt[]
  /** The dyno that orders are for. */
  readonly selected: string | null
  /** Dynos whose terminal is at hand. */
  readonly terminals: readonly string[]
  /** Whether only the selected dyno's log is shown. */
  readonly isAlone: boolean
  /** What the log is filtered by, as it was typed. */
  readonly filter: string
  /** How many lines the log is scrolled up. */
  readonly up: number
  /** Whether it stands still; otherwise it follows. */
  readonly isHeld: boolean
  /** Lines that have come since it stands still. */
  readonly fresh: number
  readonly hasTimes: boolean
  readonly wraps: boolean
  readonly isZoomed: boolean
  /** As wide as somebody wanted the list to be. */
  readonly listWidth: number | null
  readonly selection: Selection | null
  /** What was looked for last. */
  readonly found: string
  /** Commands that were run from here, the newest last. */
  readonly ran: readonly string[]
  /** When everything that is asked to end is killed, in milliseconds since 1970; null while nobody asked. */
  readonly endsAt: number | null
  readonly mode: Mode
  /** Where somebody is who is shown around; null for everybody else. */
  readonly tour: Tour | null
  /** The last thing that was done, or went wrong. */
  readonly notice: string
}

export function emptyBoard(app: string): Board {
  return {
    ...{ app, url: null, isInMaintenance: false, dynos: [], usage: undefined, prompts: [], selected: null },
    ...{ terminals: [], isAlone: false, filter: '', up: 0, isHeld: false, fresh: 0, hasTimes: true },
    ...{ wraps: false, isZoomed: false, listWidth: null, selection: null, found: '', ran: [] },
    ...{ endsAt: null, mode: LOOK, tour: null, notice: '' },
  }
}

/** The board with these dynos; the selected one stays selected while it is there. */
export function withDynos(board: Board, dynos: readonly BoardDyno[]): Board {
  const sorted = [...dynos].sort((a, b) => compareNames(a.name, b.name))
  const isThere = sorted.some(({ name }) => name === board.selected) || hasTerminal(board)
  const selected = isThere ? board.selected : (sorted[0]?.name ?? null)
  return { ...board, dynos: sorted, selected, isAlone: board.isAlone && isThere }
}

/** The dyno so many places further down, or up; the list has ends. */
export function moved(board: Board, by: number): Board {
  const at = board.dynos.findIndex(({ name }) => name === board.selected)
  const to = board.dynos[Math.min(board.dynos.length - 1, Math.max(0, at + by))]
  return to ? { ...board, selected: to.name } : board
}

/** Scrolls the log so many lines up, or down: there are `count`. At the end it follows again. */
export function scrolled(board: Board, by: number, count: number): Board {
  const up = Math.min(Math.max(0, board.up + by), Math.max(0, count - 1))
  return heldAt(board, up)
}

/** The log at this place; at the end it follows. */
export function heldAt(board: Board, up: number): Board {
  return { ...board, up, isHeld: up > 0, fresh: up === 0 ? 0 : board.fresh, selection: null }
}

/** Lines have come, of which so many are kept: who looks at older ones is not moved along. */
export function grown(board: Board, { passing, kept }: { passing: number; kept: number }): Board {
  return board.isHeld ? { ...board, up: board.up + kept, fresh: board.fresh + passing } : board
}

export function selectedDyno(board: Board): BoardDyno | undefined {
  return board.dynos.find(({ name }) => name === board.selected)
}

/** Whether the main pane shows the selected dyno's terminal, and not the log. */
export function hasTerminal(board: Board): boolean {
  return board.selected !== null && board.terminals.includes(board.selected)
}

/** The board with these changes. Keys of a terminal that is not there any more are for the board again. */
export function changed(board: Board, changes: Partial<Board>): Board {
  const after = { ...board, ...changes }
  return after.mode.is === 'terminal' && !hasTerminal(after) ? { ...after, mode: LOOK } : after
}

/** A line stands unfinished so long before its dyno counts as one that waits for input, in milliseconds. */
const PAUSE = 700

/** Whether a dyno has stopped in the middle of a line: at a prompt. */
export function waitsForInput({ prompts }: Board, name: string, now: number): boolean {
  return prompts.some(({ ps, since }) => ps === name && now - since >= PAUSE)
}
