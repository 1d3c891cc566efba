import type { Board } from './board.ts'
import { hasTerminal } from './board.ts'
import { type Layout, sizeOf } from './layout.ts'
import { paintDetail, paintFoot, paintHead, paintTour } from './paint-bars.ts'
import { paintList } from './paint-list.ts'
import { paintLog } from './paint-log.ts'
import { paintPage, paintPalette } from './paint-pages.ts'
import type { ScrollBack } from './scroll-back.ts'
import { withSelection } from './selection.ts'
import type { Style } from './theme.ts'

/** The text of each pane: lines with SGR colours, each no longer than its pane. */
export type Painted = {
  readonly head: string
  readonly tour: readonly string[]
  readonly list: readonly string[]
  readonly main: readonly string[]
  readonly detail: string
  readonly foot: string
}

/** What there is to be seen beside the board. `now` is in milliseconds since 1970. */
export type Scene = {
  readonly layout: Layout
  readonly style: Style
  readonly now: number
  readonly log: ScrollBack
  /** The rows of the selected dyno's terminal, where it has one. */
  readonly terminal: readonly string[] | undefined
}

/** What is to be seen now. */
export function paint(board: Board, scene: Scene): Painted {
  const { layout, style, now } = scene
  const columns = layout.head.width
  const main = paintMain(board, scene)
  return {
    head: paintHead(board, { columns, style, now }),
    tour: board.tour ? paintTour(board.tour, { columns, style }) : [],
    list: paintList(board, { ...sizeOf(layout.list), style, now }),
    main: board.selection ? withSelection(main, board.selection) : main,
    detail: paintDetail(board, { columns, style, now }),
    foot: paintFoot(board, { columns, style, now }),
  }
}

function paintMain(board: Board, { layout, style, log, terminal }: Scene): readonly string[] {
  const { mode } = board
  const look = { ...sizeOf(layout.main), style }
  if (mode.is === 'page') return paintPage(mode, look)
  if (mode.is === 'palette') return paintPalette(mode, look)
  return hasTerminal(board) && terminal ? terminal : paintLog(board, log, look)
}
