import { asProblem } from '../core/problem.ts'
import { heldAt } from './board.ts'
import type { Desk } from './desk.ts'
import { type Intent, ordersWith } from './keys.ts'
import { type LineKind, LOOK, type Mode, typing } from './mode.ts'
import { pastedLine } from './paste.ts'
import { find } from './scrolling.ts'

/** How many commands are remembered. */
const REMEMBERED = 100

/** Keys while a line is typed, a question is asked, a page is read or an order is looked for. */
export type ModeKeys = {
  /** A key by its name, and as typed. */
  key(name: string, typed: string): void
  /** Of what is pasted one line goes to where a line is typed. Nowhere else is it obeyed. */
  pasted(text: string): void
}

export function openModeKeys(desk: Desk, act: (intent: Intent) => void): ModeKeys {
  const { become, board } = desk

  const typingLine = (mode: Mode & { is: 'type' }, name: string, typed: string): void => {
    if (name === 'enter') typedLine(mode)
    else if (isCancel(name)) become({ mode: LOOK })
    else if (mode.what === 'run' && (name === 'up' || name === 'down')) recall(mode, name === 'up' ? 1 : -1)
    else become({ mode: { ...mode, text: edited(mode.text, name, typed) } })
  }

  const recall = (mode: Mode & { is: 'type' }, by: number): void => {
    const { ran } = board()
    const past = Math.min(ran.length, Math.max(0, mode.past + by))
    become({ mode: { ...mode, past, text: past === 0 ? '' : ran[ran.length - past]! } })
  }

  const typedLine = ({ what, text }: Mode & { is: 'type' }): void => {
    become({ mode: LOOK })
    const does: Readonly<Record<LineKind, () => void>> = {
      find() {
        become({ found: text })
        if (text !== '') find(desk, { older: true, up: board().up - 1 })
      },
      run() {
        const line = text.trim()
        if (line === '') return
        become({ ran: [...board().ran.filter((each) => each !== line), line].slice(-REMEMBERED) })
        desk.terminals.run(line)
      },
      'only lines with': () => become({ ...heldAt(board(), 0), filter: text.trim() }),
      scale() {
        const changes = text.split(/\s+/).filter((word) => word !== '')
        if (changes.length > 0) desk.order(`Scaling ${changes.join(' ')}`, desk.orders.scale(changes))
      },
    }
    does[what]()
  }

  const choosing = (mode: Mode & { is: 'palette' }, name: string, typed: string): void => {
    if (isCancel(name)) become({ mode: LOOK })
    else if (name === 'up' || name === 'down') become({ mode: chosenBeside(mode, name === 'up' ? -1 : 1) })
    else if (name === 'enter') {
      become({ mode: LOOK })
      const chosen = ordersWith(mode.text)[mode.at]
      if (chosen) act(chosen.intent)
    } else become({ mode: { is: 'palette', text: edited(mode.text, name, typed), at: 0 } })
  }

  const answered = (about: 'leave' | 'stop all', typed: string): void => {
    become({ mode: LOOK })
    if (about === 'leave' && typed === 'l') desk.leave()
    if (typed === (about === 'leave' ? 's' : 'y')) endAll(desk)
  }

  const turnPage = (mode: Mode & { is: 'page' }, name: string): void => {
    become({ mode: (isCancel(name) ? undefined : turned(mode, desk.layout().main.height, true)) ?? LOOK })
  }

  return {
    key(name, typed) {
      const { mode } = board()
      if (mode.is === 'type') typingLine(mode, name, typed)
      else if (mode.is === 'ask') answered(mode.about, typed)
      else if (mode.is === 'page') turnPage(mode, name)
      else if (mode.is === 'palette') choosing(mode, name, typed)
    },
    pasted(text) {
      const { mode } = board()
      if (mode.is === 'type') become({ mode: { ...mode, text: mode.text + pastedLine(text) } })
      if (mode.is === 'palette') become({ mode: { ...mode, text: mode.text + pastedLine(text), at: 0 } })
    },
  }
}

/** The page of so many rows after this one, or before it; undefined where there is none. */
export function turned(mode: Mode & { is: 'page' }, rows: number, isNext: boolean): Mode | undefined {
  const from = isNext ? mode.from + rows : Math.max(0, mode.from - rows)
  return from < mode.lines.length && from !== mode.from ? { ...mode, from } : undefined
}

/** The palette with another order chosen, so many further down; the list has ends. */
export function chosenBeside(mode: Mode & { is: 'palette' }, by: number): Mode {
  const last = Math.max(0, ordersWith(mode.text).length - 1)
  return { ...mode, at: Math.min(last, Math.max(0, mode.at + by)) }
}

/** Asks everything to end, and shows who is still there; at a second time nobody is waited for. */
export function endAll(desk: Desk): void {
  if (desk.board().endsAt !== null) {
    desk.orders.killAll().catch((error) => desk.become({ notice: asProblem(error).message }))
    return
  }
  desk.become({ endsAt: desk.now() })
  desk.orders
    .stopAll()
    .then(desk.leave, (error) => desk.become({ endsAt: null, notice: asProblem(error).message }))
}

/** A line that is to be typed. */
export const asking = (what: LineKind, text?: string) => ({ mode: typing(what, text) })

function edited(text: string, name: string, typed: string): string {
  if (name === 'backspace') return [...text].slice(0, -1).join('')
  if (name === 'C-u') return ''
  if (name === 'C-w') return text.replace(/\S*\s*$/, '')
  return /^\P{Cc}$/u.test(typed) ? text + typed : text
}

function isCancel(name: string): boolean {
  return name === 'escape' || name === 'C-c'
}
