import {
  type Board,
  type BoardDyno,
  emptyBoard,
  grown,
  LOOK,
  moved,
  scrolled,
  selectedDyno,
  withDynos,
} from './board.ts'
import { type Intent, intentOf, KEYS } from './keys.ts'
import { paint, type Style } from './paint.ts'
import { openScreen } from './screen.ts'
import { openScrollBack } from './scroll-back.ts'

/** No more pictures than so many a second. */
const PICTURES = 30

/** What the manifold says of the app. */
export type Seen = Pick<Board, 'url' | 'isInMaintenance'> & { readonly dynos: readonly BoardDyno[] }

/** A program that is given the terminal for a while. */
export type Borrower = { readonly file: string; readonly args: readonly string[] }

/** What the keys order; each rejects with a Problem. */
export type Orders = {
  restart(name: string): Promise<void>
  stop(name: string): Promise<void>
  scale(type: string, by: 1 | -1): Promise<void>
  maintenance(isOn: boolean): Promise<void>
  stopAll(): Promise<void>
  attach(name: string): Borrower
  run(line: string): Borrower
}

export type Dashboard = {
  told(seen: Seen): void
  lines(lines: readonly string[]): void
  notice(text: string): void
  /** Gives the terminal back, as when the person leaves. */
  close(): void
  /** Resolves when the person has left, and the terminal is as it was. */
  readonly left: Promise<void>
}

/** What a dashboard is opened with. */
export type Opening = { readonly style: Style; readonly orders: Orders; readonly now: () => number }

/** Takes the terminal over until the person leaves. */
export function openDashboard(app: string, { style, orders, now }: Opening): Dashboard {
  let board = emptyBoard(app)
  const log = openScrollBack()
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  let drawing: NodeJS.Timeout | undefined
  let isLent = false
  let isOver = false

  const screen = openScreen({
    key: (name, typed) => pressed(name, typed),
    wheel: (by) => become(scrolled(board, by, log.count())),
    resized: () => draw(),
  })

  const draw = (): void => {
    if (isOver || isLent) return
    const { list, lines } = screen.sizes()
    screen.draw(paint(board, log, { list, lines, now: now(), style }))
  }
  // What comes together is drawn together.
  const drawSoon = (): void => {
    drawing ??= setTimeout(() => {
      drawing = undefined
      draw()
    }, 1000 / PICTURES)
  }
  const become = (next: Board): void => {
    if (next.isAlone !== board.isAlone || (next.isAlone && next.selected !== board.selected)) {
      log.choose(next.isAlone ? next.selected : null)
      next = { ...next, up: 0, fresh: 0 }
    }
    board = next
    drawSoon()
  }

  const close = (): void => {
    if (isOver) return
    isOver = true
    clearTimeout(drawing)
    screen.close()
    leave()
  }

  const order = (what: string, doing: Promise<void>): void => {
    become({ ...board, notice: `${what} …` })
    doing.then(
      () => become({ ...board, notice: `${what}: done` }),
      (error: Error) => become({ ...board, notice: error.message }),
    )
  }

  const lend = async ({ file, args }: Borrower): Promise<void> => {
    isLent = true
    await screen.lend(file, args)
    isLent = false
    draw()
  }

  const pressed = (name: string, typed: string): void => {
    if (isLent || isOver) return
    const { mode } = board
    if (mode.is === 'type') typing(mode, name, typed)
    else if (mode.is === 'ask') answered(typed)
    else if (mode.is === 'help') turnPage(mode.from)
    else act(intentOf(name))
  }

  const turnPage = (from: number): void => {
    const next = from + screen.sizes().lines.rows
    become({ ...board, mode: next < KEYS.length ? { is: 'help', from: next } : LOOK })
  }

  const answered = (typed: string): void => {
    become({ ...board, mode: LOOK })
    if (typed === 'y') order('Stopping all processes', orders.stopAll().then(close))
  }

  const typing = (mode: Board['mode'] & { is: 'type' }, name: string, typed: string): void => {
    if (name === 'enter') typedLine(mode)
    else if (name === 'escape' || name === 'C-c') become({ ...board, mode: LOOK })
    else {
      const text = name === 'backspace' ? mode.text.slice(0, -1) : mode.text + printable(typed)
      become({ ...board, mode: { ...mode, text } })
    }
  }

  const typedLine = ({ what, text }: Board['mode'] & { is: 'type' }): void => {
    become({ ...board, mode: LOOK, ...(what === 'find' ? { found: text } : {}) })
    if (text === '') return
    if (what === 'find') find(text, { older: true, up: board.up - 1 })
    else void lend(orders.run(text))
  }

  const find = (text: string, { older, up = board.up }: { older: boolean; up?: number }): void => {
    const at = text === '' ? undefined : log.find(text, { up, older })
    const notice = text === '' ? 'Find what? / asks.' : `No ${older ? 'older' : 'newer'} line with '${text}'.`
    if (at === undefined) become({ ...board, notice })
    else become({ ...board, up: at, fresh: at === 0 ? 0 : board.fresh, notice: '' })
  }

  const page = (): number => screen.sizes().lines.rows - 1
  const type = (what: 'find' | 'run') => become({ ...board, mode: { is: 'type', what, text: '' } })
  const scroll = (by: number) => become(scrolled(board, by, log.count()))
  const onDyno = (does: (dyno: BoardDyno) => void) => () => {
    const dyno = selectedDyno(board)
    if (dyno) does(dyno)
    else become({ ...board, notice: "No dyno runs; 'dyno start' begins the formation." })
  }

  const acts: Readonly<Record<Intent, () => void>> = {
    up: () => become(moved(board, -1)),
    down: () => become(moved(board, 1)),
    alone: onDyno(() => become({ ...board, isAlone: !board.isAlone })),
    'page up': () => scroll(page()),
    'page down': () => scroll(-page()),
    oldest: () => scroll(log.count()),
    follow: () => scroll(-log.count()),
    find: () => type('find'),
    'find older': () => find(board.found, { older: true }),
    'find newer': () => find(board.found, { older: false }),
    'last error': () => find('error', { older: true, up: board.up === 0 ? -1 : board.up }),
    times: () => become({ ...board, hasTimes: !board.hasTimes }),
    wrap: () => become({ ...board, wraps: !board.wraps }),
    restart: onDyno(({ name }) => order(`Restarting ${name}`, orders.restart(name))),
    stop: onDyno(({ name }) => order(`Stopping ${name}`, orders.stop(name))),
    more: onDyno((dyno) => order(`One more ${dyno.type}`, orders.scale(dyno.type, 1))),
    fewer: onDyno((dyno) => order(`One ${dyno.type} fewer`, orders.scale(dyno.type, -1))),
    attach: onDyno(({ name }) => void lend(orders.attach(name))),
    run: () => type('run'),
    maintenance() {
      const isOn = !board.isInMaintenance
      order(`Maintenance mode ${isOn ? 'on' : 'off'}`, orders.maintenance(isOn))
    },
    help: () => become({ ...board, mode: { is: 'help', from: 0 } }),
    leave: () => close(),
    'stop all': () => become({ ...board, mode: { is: 'ask', about: 'stop all' } }),
  }

  const act = (intent: Intent | undefined): void => {
    if (intent === undefined) return
    board = { ...board, notice: '' }
    acts[intent]()
  }

  return {
    told: ({ dynos, ...seen }) => become(withDynos({ ...board, ...seen }, dynos)),
    lines(lines) {
      log.push(lines)
      become(grown(board, lines.length))
    },
    notice: (text) => become({ ...board, notice: text }),
    close,
    left,
  }
}

function printable(typed: string): string {
  return /^\P{Cc}$/u.test(typed) ? typed : ''
}
