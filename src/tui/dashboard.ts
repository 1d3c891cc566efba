import type { Unfinished } from '../core/log/log.ts'
import { plainLine } from '../core/log/safe-line.ts'
import type { MetricsJson } from '../core/metrics.ts'
import { asProblem } from '../core/problem.ts'
import { openActs } from './acts.ts'
import { type Board, type BoardDyno, changed, emptyBoard, grown, heldAt, withDynos } from './board.ts'
import type { Desk } from './desk.ts'
import { drawable } from './drawable.ts'
import { intentOf } from './keys.ts'
import { type Layout, layoutOf } from './layout.ts'
import { choiceFor } from './log-choice.ts'
import { openMouseActs } from './mouse-acts.ts'
import type { Orders } from './orders.ts'
import { type Painted, paint } from './paint.ts'
import { openScreen } from './screen.ts'
import { KEPT, openScrollBack } from './scroll-back.ts'
import { openTerminalPanes } from './terminal-panes.ts'
import type { Style } from './theme.ts'
import { tourAt, toured } from './tour.ts'
import { openModeKeys } from './typing.ts'
import { measured } from './usage.ts'

/** No more pictures than so many a second. */
const PICTURES = 33

/** What the manifold says of the app. */
export type Seen = Pick<Board, 'url' | 'isInMaintenance'> & {
  readonly dynos: readonly BoardDyno[]
  readonly metrics?: MetricsJson | undefined
}

export type Dashboard = {
  told(seen: Seen): void
  /** New lines of the log. */
  lines(lines: readonly string[]): void
  /** So many new lines that nobody could read as fast as they came. */
  missed(count: number): void
  prompts(lines: readonly Unfinished[]): void
  notice(text: string): void
  /** Gives the terminal back, as when the person leaves. */
  close(): void
  /** Resolves when the person has left, and the terminal is as it was. */
  readonly left: Promise<void>
}

/** What a dashboard is opened with. */
export type Opening = {
  readonly style: Style
  readonly orders: Orders
  readonly now: () => number
  /** Whether leaving it by Ctrl-C ends what runs. */
  readonly owns: boolean
  /** Whether somebody is shown around. */
  readonly isTour: boolean
}

/** Takes the terminal over until the person leaves. */
export function openDashboard(app: string, { style, orders, now, owns, isTour }: Opening): Dashboard {
  let board = emptyBoard(app)
  if (isTour) board = { ...board, tour: tourAt(0, board, now()) }
  let grace = 0
  let drawn: Painted | undefined
  let drawnAt = Number.NEGATIVE_INFINITY
  const log = openScrollBack()
  const { promise: left, resolve } = Promise.withResolvers<void>()
  let drawing: NodeJS.Timeout | undefined
  let isAside = false
  let isOver = false

  const layout = (): Layout => layoutOf(screen.size(), board)
  const draw = (): void => {
    if (isOver || isAside) return
    drawnAt = performance.now()
    const places = layout()
    const scene = { layout: places, style, now: now(), log, terminal: desk.terminals.rows() }
    drawn = paint(board, scene)
    screen.draw(places, drawn)
  }
  // What comes together is drawn together, and what comes alone at once.
  const drawSoon = (): void => {
    if (drawing !== undefined) return
    const wait = Math.max(1, drawnAt + 1000 / PICTURES - performance.now())
    drawing = setTimeout(() => {
      drawing = undefined
      draw()
    }, wait)
  }

  const become = (changes: Partial<Board>): void => {
    const before = board
    board = changed(board, changes)
    if (board.tour) board = { ...board, tour: toured(board, now()) }
    if (choiceOf(board) !== choiceOf(before)) {
      log.choose(choiceFor(board))
      board = heldAt(board, 0)
    }
    if (!board.isHeld && log.unread() > 0) {
      log.catchUp(orders.linesBefore(log.end() + log.unread(), KEPT))
    }
    const isArranged = before.isZoomed === board.isZoomed && before.listWidth === board.listWidth
    if (!isArranged) desk.terminals.resize()
    drawSoon()
  }

  const close = (): void => {
    if (isOver) return
    isOver = true
    clearTimeout(drawing)
    desk.terminals.close()
    screen.close()
    resolve()
  }

  const desk: Desk = {
    board: () => board,
    become,
    layout,
    now,
    ...{ log, orders, owns },
    get terminals() {
      return terminals
    },
    drawn: () => drawn?.main ?? [],
    order(what, doing) {
      become({ notice: `${what} …` })
      doing.then(
        () => become({ notice: `${what}: done` }),
        (error) => become({ notice: asProblem(error).message }),
      )
    },
    copy: (text) => screen.send(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`),
    suspend() {
      const comeBack = screen.stepAside()
      isAside = true
      process.kill(process.pid, 'SIGTSTP')
      // By now we were stopped and go on; or never were, as the system stops nobody whom no shell could continue.
      setTimeout(() => {
        isAside = false
        if (isOver) return
        comeBack()
        draw()
      }, 0)
    },
    leave: close,
  }
  const act = openActs(desk)
  const modeKeys = openModeKeys(desk, act)
  const mouse = openMouseActs(desk, act)
  const screen = openScreen({
    typed: (text) => (isOver ? text : desk.terminals.typed(text)),
    pasted: (text) => isOver || desk.terminals.pasted(text) || modeKeys.pasted(text),
    key(name, typed, sent) {
      if (isOver || isAside) return
      if (desk.terminals.typed(sent) !== sent) return // that was typed together with the key that joins one
      if (board.mode.is !== 'look') return modeKeys.key(name, typed)
      const intent = layout().isTooSmall && name === 'q' ? 'interrupt' : intentOf(name)
      if (intent) act(intent)
    },
    mouse: (event) => isOver || mouse(event),
    resized() {
      desk.terminals.resize()
      draw()
    },
  })
  const terminals = openTerminalPanes(desk)

  return {
    told({ dynos, metrics, ...seen }) {
      if (metrics) grace = metrics.grace * 1000
      const usage = metrics ? measured(board.usage, metrics, now()) : board.usage
      const ending = board.endsAt === null ? null : endOf(dynos, grace)
      become(withDynos({ ...board, ...seen, usage, endsAt: ending ?? board.endsAt }, dynos))
    },
    lines(lines) {
      become(grown(board, log.push(lines, board.isHeld)))
    },
    missed(count) {
      log.skip(count, board.isHeld)
      become(grown(board, { passing: count, kept: 0 }))
    },
    prompts(lines) {
      const prompts = lines.map(({ ps, message, at }) => ({
        ps,
        text: plainLine(drawable(message)),
        since: at,
      }))
      become({ prompts })
    },
    notice: (text) => become({ notice: text }),
    close,
    left,
  }
}

const choiceOf = ({ isAlone, selected, filter }: Board): string => `${isAlone ? selected : ''} ${filter}`

// The last of them to be killed, as far as they are ending.
function endOf(dynos: readonly BoardDyno[], grace: number): number | null {
  const since = dynos
    .filter(({ state }) => state === 'stopping' || state === 'down')
    .map((dyno) => dyno.since)
  return since.length === 0 ? null : Math.max(...since) + grace
}
