import type { Desk } from './desk.ts'
import type { Intent } from './keys.ts'
import { within } from './layout.ts'
import type { MouseEvent } from './mouse.ts'
import { listRows } from './paint-list.ts'
import { scroll } from './scrolling.ts'
import type { Cell } from './selection.ts'
import { chosenBeside, turned } from './typing.ts'

/** How many lines the wheel moves. */
const WHEEL = 3

/** What the mouse does: choose a dyno, scroll, select text, move the line between list and log. */
export function openMouseActs(desk: Desk, act: (intent: Intent) => void): (event: MouseEvent) => void {
  let drags: 'rule' | 'text' | undefined
  let start: Cell = { x: 0, y: 0 }

  const press = (event: MouseEvent): void => {
    const { list, rule, main, isWide } = desk.layout()
    const inList = within(list, event)
    const inMain = within(main, event)
    if (isWide && within(rule, event)) drags = 'rule'
    else if (inList) choose(inList.y, list.height)
    else if (inMain) {
      drags = 'text'
      start = inMain
      desk.become({ selection: null })
    }
  }

  // Once to select a dyno, once more to see its log alone.
  const choose = (row: number, rows: number): void => {
    const chosen = listRows(desk.board(), rows)[row]
    if (!chosen || !('dyno' in chosen)) return
    if (chosen.dyno.name === desk.board().selected) act('alone')
    else desk.become({ selected: chosen.dyno.name })
  }

  const drag = (event: MouseEvent): void => {
    const { main } = desk.layout()
    if (drags === 'rule') desk.become({ listWidth: Math.max(0, event.x) })
    if (drags !== 'text') return
    const x = Math.min(main.width - 1, Math.max(0, event.x - main.left))
    const y = Math.min(main.height - 1, Math.max(0, event.y - main.top))
    desk.become({ isHeld: true, selection: { from: start, to: { x, y } } }) // it stands still, or it would run away
  }

  const wheel = (event: MouseEvent, by: number): void => {
    const { list, main } = desk.layout()
    if (within(list, event)) act(by > 0 ? 'up' : 'down')
    else if (within(main, event)) wheelInMain(by)
  }

  // It moves what is seen there, and nothing behind it.
  const wheelInMain = (by: number): void => {
    const { mode } = desk.board()
    if (mode.is === 'look' || mode.is === 'terminal') scroll(desk, by)
    else if (mode.is === 'page')
      desk.become({ mode: turned(mode, desk.layout().main.height, by < 0) ?? mode })
    else if (mode.is === 'palette') desk.become({ mode: chosenBeside(mode, by > 0 ? -1 : 1) })
  }

  return (event) => {
    if (event.does === 'press') press(event)
    else if (event.does === 'drag') drag(event)
    else if (event.does === 'release') drags = undefined
    else wheel(event, event.does === 'wheel up' ? WHEEL : -WHEEL)
  }
}
