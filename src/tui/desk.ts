import type { Board } from './board.ts'
import type { Layout } from './layout.ts'
import type { Orders } from './orders.ts'
import type { ScrollBack } from './scroll-back.ts'
import type { TerminalPanes } from './terminal-panes.ts'

/** What the parts of a dashboard share. */
export type Desk = {
  board(): Board
  /** The board is another from now on, and drawn soon. */
  become(changes: Partial<Board>): void
  layout(): Layout
  now(): number
  readonly log: ScrollBack
  readonly orders: Orders
  readonly terminals: TerminalPanes
  /** The rows of the main pane as they were drawn. */
  drawn(): readonly string[]
  /** Whether leaving it ends what runs: `dyno start`. */
  readonly owns: boolean
  /** Says what is ordered, and how it went. */
  order(what: string, doing: Promise<void>): void
  /** Gives the text to the clipboard of whoever sits at the terminal. */
  copy(text: string): void
  suspend(): void
  leave(): void
}
