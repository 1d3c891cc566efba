import { Problem } from '../../src/core/problem.ts'
import { type Board, changed } from '../../src/tui/board.ts'
import type { Desk } from '../../src/tui/desk.ts'
import { layoutOf, type PaneSize } from '../../src/tui/layout.ts'
import type { Heard, Orders, Session } from '../../src/tui/orders.ts'
import { openScrollBack } from '../../src/tui/scroll-back.ts'
import { openTerminalPanes, type TerminalPanes } from '../../src/tui/terminal-panes.ts'

const SIZE: PaneSize = { columns: 120, rows: 35 }

/** A desk without a screen, whose board is what was made of this one; these are its orders. */
export function deskWith(first: Board, orders: Partial<Orders> = {}): Desk {
  let board = first
  let terminals: TerminalPanes | undefined
  const desk: Desk = {
    board: () => board,
    become(changes) {
      board = changed(board, changes)
    },
    layout: () => layoutOf(SIZE, board),
    now: () => 0,
    log: openScrollBack(),
    orders: orders as Orders,
    get terminals() {
      terminals ??= openTerminalPanes(desk)
      return terminals
    },
    drawn: () => [],
    owns: false,
    ...{ order() {}, copy() {}, suspend() {}, leave() {} },
  }
  return desk
}

/** Terminals that are joined when a test says so. */
export function joinedLater() {
  const asked: string[] = []
  const written: string[] = []
  const heard: Heard[] = []
  const waiting: { name: string; resolve(session: Session): void; reject(error: Error): void }[] = []
  const join = (name: string, its: Heard): Promise<Session> => {
    asked.push(name)
    heard.push(its)
    const { promise, resolve, reject } = Promise.withResolvers<Session>()
    waiting.push({ name, resolve, reject })
    return promise
  }
  const next = async () => {
    while (waiting.length === 0) await soon()
    return waiting.shift()!
  }
  return {
    ...{ asked, written, heard },
    orders: {
      attach: join,
      run: (line: string, _: PaneSize, its: Heard) => join(`run.1 ${line}`, its),
    } satisfies Partial<Orders>,
    /** The one that was asked for first is joined. */
    async joins() {
      const { name: asked, resolve } = await next()
      const [name] = asked.split(' ') as [string]
      resolve({
        name,
        write: (text) => written.push(text),
        resize() {},
        close: () => written.push(`${name} is left`),
      })
      await soon()
    },
    async fails(message: string) {
      const { reject } = await next()
      reject(new Problem('conflict', message))
      await soon()
    },
  }
}

/** What has been promised has happened. */
export const soon = () => new Promise<void>((resolve) => setImmediate(resolve))
