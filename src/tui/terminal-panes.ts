import { DETACH_KEY } from '../core/detach-key.ts'
import { asProblem } from '../core/problem.ts'
import { hasTerminal } from './board.ts'
import type { Desk } from './desk.ts'
import { sizeOf } from './layout.ts'
import { LOOK } from './mode.ts'
import type { Heard, Session } from './orders.ts'
import type { Terminal } from './terminal.ts'

/** The terminals of dynos that are open in the main pane, one at a time. */
export type TerminalPanes = {
  /** Joins the main pane with a dyno of the formation, or goes back to the terminal that is open. */
  attach(name: string): void
  /** … with a new one-off. */
  run(line: string): void
  /** Everything that was typed; true when it went to a terminal. */
  typed(text: string): boolean
  /** The picture of the selected dyno's terminal. */
  rows(): string[] | undefined
  scroll(by: number): void
  /** Every terminal is as large as the main pane. */
  resize(): void
  close(): void
}

type Pane = { readonly terminal: Terminal; session: Session | undefined; isOver: boolean }

export function openTerminalPanes(desk: Desk): TerminalPanes {
  const panes = new Map<string, Pane>()
  const selected = (): Pane | undefined => panes.get(desk.board().selected ?? '')

  const open = async (join: (heard: Heard) => Promise<Session>, known?: string): Promise<void> => {
    const { openTerminal } = await import('./terminal.ts') // the emulator takes 30 ms, and few need it
    let name = known ?? ''
    const pane: Pane = {
      terminal: openTerminal(sizeOf(desk.layout().main), {
        answered: (text) => pane.session?.write(text),
        changed: () => desk.become({}),
      }),
      session: undefined,
      isOver: false,
    }
    const heard: Heard = {
      output: (bytes, done) => pane.terminal.feed(bytes, done),
      ended(status, message) {
        pane.isOver = true
        const how = message ?? `${name} ended with status ${status}.`
        pane.terminal.feed(`\r\n\u001b[0m\u001b[2m${how} Any key goes on.\u001b[0m`)
      },
    }
    try {
      pane.session = await join(heard)
    } catch (error) {
      pane.terminal.close()
      desk.become({ notice: asProblem(error).message })
      return
    }
    name = pane.session.name
    panes.set(name, pane)
    const terminals = [...panes.keys()]
    desk.become({ terminals, selected: name, mode: { is: 'terminal' }, notice: '' })
    pane.session.resize(sizeOf(desk.layout().main))
  }

  const drop = (name: string): void => {
    const pane = panes.get(name)
    pane?.session?.close()
    pane?.terminal.close()
    panes.delete(name)
    desk.become({ terminals: [...panes.keys()], mode: LOOK })
  }

  // A one-off would end if its terminal were closed; of another dyno nothing is lost.
  const comeBack = (name: string): void => {
    if (name.startsWith('run.') && !panes.get(name)?.isOver) desk.become({ mode: LOOK })
    else drop(name)
  }

  return {
    attach(name) {
      if (panes.has(name)) desk.become({ mode: { is: 'terminal' } })
      else void open((heard) => desk.orders.attach(name, heard), name)
    },
    run(line) {
      desk.become({ notice: `Running ${line} …` })
      void open((heard) => desk.orders.run(line, sizeOf(desk.layout().main), heard))
    },
    typed(text) {
      const { mode, selected: name } = desk.board()
      const pane = selected()
      if (mode.is !== 'terminal' || name === null || !pane) return false
      const end = text.indexOf(DETACH_KEY)
      if (pane.isOver) drop(name)
      else {
        const typed = pane.terminal.typed(end < 0 ? text : text.slice(0, end))
        if (typed !== '') pane.session?.write(typed)
        if (end >= 0) comeBack(name)
      }
      return true
    },
    rows() {
      const board = desk.board()
      return hasTerminal(board) ? selected()?.terminal.rows(board.mode.is === 'terminal') : undefined
    },
    scroll: (by) => {
      selected()?.terminal.scroll(by)
      desk.become({})
    },
    resize() {
      const size = sizeOf(desk.layout().main)
      for (const { terminal, session } of panes.values()) {
        terminal.resize(size)
        session?.resize(size)
      }
    },
    close() {
      for (const { session } of panes.values()) session?.close()
    },
  }
}
