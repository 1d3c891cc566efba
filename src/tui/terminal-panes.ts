import { DETACH_KEY } from '../core/detach-key.ts'
import { asProblem } from '../core/problem.ts'
import { hasTerminal } from './board.ts'
import type { Desk } from './desk.ts'
import { sizeOf } from './layout.ts'
import { LOOK } from './mode.ts'
import type { Heard, Session } from './orders.ts'
import type { Sent } from './paste.ts'
import type { Terminal } from './terminal.ts'

/** The terminals of dynos that are open in the main pane, one at a time. */
export type TerminalPanes = {
  /** Joins the main pane with a dyno of the formation, or goes back to the terminal that is open. */
  attach(name: string): void
  /** … with a new one-off. */
  run(line: string): void
  /** Everything that was typed; answers what of it neither went to a terminal nor waits for one. */
  typed(text: string): string
  /** … that was pasted. */
  pasted(text: string): boolean
  /** The picture of the selected dyno's terminal. */
  rows(): string[] | undefined
  scroll(by: number): void
  /** Every terminal is as large as the main pane. */
  resize(): void
  close(): void
}

type Pane = { readonly terminal: Terminal; session: Session | undefined; isOver: boolean }

/** A terminal that is being joined, and what is kept for it. */
type Joining = { readonly sent: Sent[] }

export function openTerminalPanes(desk: Desk): TerminalPanes {
  const panes = new Map<string, Pane>()
  const selected = (): Pane | undefined => panes.get(desk.board().selected ?? '')
  const joinings = new Map<string, Joining>()
  /** The one that keys are kept for. */
  let joining: Joining | undefined
  let isClosed = false

  const awaitFor = (which: Joining, notice: string): void => {
    joining = which
    desk.become({ mode: { is: 'joining' }, notice })
  }
  const isAwaited = (which: Joining): boolean => which === joining && desk.board().mode.is === 'joining'

  const open = async (
    join: (heard: Heard) => Promise<Session>,
    mine: Joining,
    known?: string,
  ): Promise<void> => {
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
      desk.become({ notice: asProblem(error).message, ...(isAwaited(mine) ? { mode: LOOK } : {}) })
      return
    } finally {
      joinings.delete(name)
    }
    name = pane.session.name
    if (isClosed) pane.session.close()
    else begin(name, pane, mine)
  }

  // Who did not wait for it has what he typed sent all the same, and a one-off goes on.
  const begin = (name: string, pane: Pane, mine: Joining): void => {
    panes.set(name, pane)
    const terminals = [...panes.keys()]
    const isWanted = isAwaited(mine)
    desk.become({
      terminals,
      ...(isWanted ? { selected: name, mode: { is: 'terminal' }, notice: '' } : {}),
    })
    pane.session!.resize(sizeOf(desk.layout().main))
    for (const each of mine.sent) send(pane, each)
    if (!isWanted && !isOneOff(name)) drop(name)
  }

  const send = ({ isOver, terminal, session }: Pane, { text, isPasted }: Sent): void => {
    const sent = isPasted ? terminal.pasted(text) : terminal.typed(text)
    if (isOver || sent === '') return
    terminal.follow() // nobody is to type blind
    session?.write(sent)
  }

  const drop = (name: string): void => {
    const pane = panes.get(name)
    pane?.session?.close()
    pane?.terminal.close()
    panes.delete(name)
    desk.become({ terminals: [...panes.keys()] })
  }

  // A one-off would end if its terminal were closed; of another dyno nothing is lost.
  const comeBack = (name: string): void => {
    if (!isOneOff(name) || panes.get(name)?.isOver) drop(name)
    desk.become({ mode: LOOK })
  }

  return {
    attach(name) {
      if (panes.has(name)) {
        desk.become({ mode: { is: 'terminal' } })
        return
      }
      const begun = joinings.get(name)
      const mine = begun ?? { sent: [] }
      awaitFor(mine, `Joining ${name} …`)
      if (begun) return
      joinings.set(name, mine)
      void open((heard) => desk.orders.attach(name, heard), mine, name)
    },
    run(line) {
      const mine: Joining = { sent: [] }
      awaitFor(mine, `Running ${line} …`)
      void open((heard) => desk.orders.run(line, sizeOf(desk.layout().main), heard), mine)
    },
    typed(text) {
      const { mode, selected: name } = desk.board()
      const pane = selected()
      const end = text.indexOf(DETACH_KEY)
      const sent: Sent = { text: end < 0 ? text : text.slice(0, end), isPasted: false }
      if (mode.is === 'joining' && joining) {
        joining.sent.push(sent)
        if (end >= 0) desk.become({ mode: LOOK, notice: '' })
      } else if (mode.is !== 'terminal' || name === null || !pane) return text
      else if (pane.isOver) {
        comeBack(name)
        return ''
      } else {
        send(pane, sent)
        if (end >= 0) comeBack(name)
      }
      return end < 0 ? '' : text.slice(end + DETACH_KEY.length)
    },
    pasted(text) {
      const { mode } = desk.board()
      const pane = selected()
      const pasted = { text, isPasted: true }
      if (mode.is === 'joining') joining?.sent.push(pasted)
      else if (mode.is !== 'terminal' || !pane) return false
      else send(pane, pasted)
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
      isClosed = true
      for (const { session } of panes.values()) session?.close()
    },
  }
}

function isOneOff(name: string): boolean {
  return name.startsWith('run.')
}
