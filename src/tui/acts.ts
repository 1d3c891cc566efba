import { masked } from '../core/config/masked.ts'
import { asProblem } from '../core/problem.ts'
import { type Board, type BoardDyno, hasTerminal, heldAt, moved, selectedDyno } from './board.ts'
import type { Desk } from './desk.ts'
import { type Intent, KEYS } from './keys.ts'
import { sizeOf } from './layout.ts'
import type { PageLine } from './mode.ts'
import { pageOf } from './paint-log.ts'
import { find, findError, scroll } from './scrolling.ts'
import { selectedText } from './selection.ts'
import { nextStep } from './tour.ts'
import { asking, endAll } from './typing.ts'

/** By how many columns a key moves the line between list and log. */
const STEP = 4

/** Does what a key asks for. */
export function openActs(desk: Desk): (intent: Intent) => void {
  const { become, board, orders, order } = desk
  const set = (change: (before: Board) => Board) => () => become(change(board()))
  const flip = (name: 'hasTimes' | 'wraps' | 'isZoomed') => () => become({ [name]: !board()[name] })
  const page = (isOlder: boolean): number =>
    hasTerminal(board())
      ? Math.max(1, desk.layout().main.height - 1)
      : pageOf(board(), desk.log, sizeOf(desk.layout().main), isOlder)
  const onDyno = (does: (dyno: BoardDyno) => void) => () => {
    const dyno = selectedDyno(board())
    if (dyno) does(dyno)
    else become({ notice: "No dyno runs; 'dyno start' begins the formation." })
  }

  const copy = (): void => {
    const { selection } = board()
    if (!selection) {
      become({ notice: 'Drag over the text first; or select with shift, as your terminal does.' })
      return
    }
    const text = selectedText(desk.drawn(), selection)
    desk.copy(text)
    const lines = text.split('\n').length
    become({
      selection: null,
      notice: `Copied ${lines === 1 ? `${text.length} characters` : `${lines} lines`}.`,
    })
  }

  const config = async (): Promise<void> => {
    const vars = Object.entries(await orders.config())
    const lines: PageLine[] = vars
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, masked(value)])
    become({ mode: { is: 'page', lines: lines.length > 0 ? lines : [['', 'no config vars']], from: 0 } })
  }

  const widen = (by: number) => () => {
    const { list, isWide } = desk.layout()
    if (isWide) become({ listWidth: Math.max(0, list.width + by) })
  }

  const acts: Readonly<Record<Intent, () => void>> = {
    tour: set((before) => ({ ...before, tour: nextStep(before, desk.now()) })),
    up: set((before) => moved(before, -1)),
    down: set((before) => moved(before, 1)),
    alone: onDyno(({ name }) => {
      if (hasTerminal(board())) desk.terminals.attach(name)
      else become({ ...heldAt(board(), 0), isAlone: !board().isAlone })
    }),
    'page up': () => scroll(desk, page(true)),
    'page down': () => scroll(desk, -page(false)),
    oldest: () => scroll(desk, Number.MAX_SAFE_INTEGER),
    follow: () => scroll(desk, -Number.MAX_SAFE_INTEGER),
    pause: set((before) => (before.isHeld ? heldAt(before, 0) : { ...before, isHeld: true })),
    find: () => become(asking('find')),
    'find older': () => find(desk, { older: true }),
    'find newer': () => find(desk, { older: false }),
    'last error': () => findError(desk, { isFirst: false }),
    'first error': () => findError(desk, { isFirst: true }),
    filter: () => become(asking('only lines with', board().filter)),
    times: flip('hasTimes'),
    wrap: flip('wraps'),
    zoom: flip('isZoomed'),
    narrower: widen(-STEP),
    wider: widen(STEP),
    copy,
    clear: set((before) => ({ ...heldAt(before, 0), filter: '', found: '', isAlone: false, notice: '' })),
    run: () => become(asking('run')),
    attach: onDyno(({ name }) => desk.terminals.attach(name)),
    restart: onDyno(({ name }) => order(`Restarting ${name}`, orders.restart(name))),
    release: () => order('Releasing', orders.release()),
    rollback: () => order('Rolling back', orders.rollback()),
    'restart all': () => order('Restarting all', orders.restartAll()),
    stop: onDyno(({ name }) => order(`Stopping ${name}`, orders.stop(name))),
    more: onDyno(({ type }) => order(`One more ${type}`, orders.scale([`${type}+1`]))),
    fewer: onDyno(({ type }) => order(`One ${type} fewer`, orders.scale([`${type}-1`]))),
    scale: () => become(asking('scale')),
    maintenance() {
      const isOn = !board().isInMaintenance
      order(`Maintenance mode ${isOn ? 'on' : 'off'}`, orders.maintenance(isOn))
    },
    config: () => void config().catch((error) => become({ notice: asProblem(error).message })),
    palette: () => become({ mode: { is: 'palette', text: '', at: 0 } }),
    help: () => become({ mode: { is: 'page', lines: HELP, from: 0 } }),
    suspend: () => desk.suspend(),
    leave: () => become({ mode: { is: 'ask', about: 'leave' } }),
    interrupt: () => (desk.owns || board().endsAt !== null ? endAll(desk) : desk.leave()),
    'stop all': () => become({ mode: { is: 'ask', about: 'stop all' } }),
  }
  return (intent) => {
    if (board().notice !== '') become({ notice: '' })
    acts[intent]()
  }
}

const HELP: readonly PageLine[] = KEYS.filter(({ keys }) => keys.length > 0).map(({ shown, help }) => [
  shown,
  help,
])
