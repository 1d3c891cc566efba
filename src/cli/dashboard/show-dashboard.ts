import { constants } from 'node:os'
import { textLines } from '../../core/log/log.ts'
import { asProblem, Problem } from '../../core/problem.ts'
import { followLog } from '../../edge/logs/follow-log.ts'
import { logFolder, type Position } from '../../edge/logs/segments.ts'
import { drawable } from '../../tui/drawable.ts'
import type { Orders } from '../../tui/orders.ts'
import { styleOf, THEMES, type Theme, themeOf } from '../../tui/theme.ts'
import { COLOUR_FLAG, type Flag, type Typed } from '../command.ts'
import type { Held } from '../formation/hold-formation.ts'
import { wantsColours } from '../our-terminal.ts'
import type { Place } from '../place.ts'
import { complainTo } from '../print.ts'
import { dashboardOrders, lookAround } from './dashboard-orders.ts'

/** How often the manifold is asked what it knows, in milliseconds. */
const LOOK = 500

/** What is read of the log for each picture at most, a few thousand lines: who wants those between finds them in its files. */
const NEWEST = { bytes: 512 * 1024, every: 30 }

export const THEME_FLAGS: readonly Flag[] = [
  {
    name: 'theme',
    value: 'NAME',
    words: [{ oneOf: THEMES }],
    help: "'dark', 'light' or 'mono' (default: as the terminal says)",
  },
  COLOUR_FLAG,
]

/** The theme that was asked for; throws a Problem for one that does not exist. */
export function askedTheme(flags: Typed['flags']): Theme {
  const asked = flags.get('theme')
  if (asked === undefined) return wantsColours(flags, process.stdout) ? themeOf(process.env) : 'mono'
  const theme = THEMES.find((name) => name === asked)
  if (theme) return theme
  throw new Problem('usage', `--theme is one of ${THEMES.join(', ')}, not '${asked}'.`)
}

/** How a dashboard is shown. `held` is the formation that it was opened with, and that it ends. */
export type DashboardView = {
  readonly from: Position
  readonly theme: Theme
  readonly held?: Held | undefined
  /** Whether somebody is shown around: `dyno demo`. */
  readonly isTour?: boolean
}

/** Shows the dashboard until the person leaves; answers with our exit status. */
export async function showDashboard(
  place: Place,
  { from, theme, held, isTour = false }: DashboardView,
): Promise<number> {
  const over = new AbortController()
  const { openDashboard } = await import('../../tui/dashboard.ts') // blessed takes 50 ms
  const orders = { ...dashboardOrders(place, from), ...(held ? holding(held) : {}) }
  const dashboard = openDashboard(place.app.name, {
    ...{ style: styleOf(theme), orders, now: Date.now, owns: held !== undefined, isTour },
  })
  const undo = complainTo(dashboard.notice)
  const signalled = held ? () => 0 : closeOnSignal(dashboard.close)
  process.on('exit', dashboard.close) // our own mistake ends us without a word to anybody else
  void held?.ended.then(dashboard.close)
  const look = async (): Promise<void> => {
    try {
      dashboard.told(await lookAround(place))
    } catch (error) {
      dashboard.notice(asProblem(error).message) // it may be there again at the next look
    }
  }
  const timer = setInterval(look, LOOK)
  const reader = {
    lines: (bytes: Uint8Array) => dashboard.lines(textLines(bytes).map(drawable)),
    missed: dashboard.missed,
    newest: NEWEST,
    unfinished: dashboard.prompts,
  }
  const followed = followLog(logFolder(place.state), from, { reader, signal: over.signal })
  await look()
  await dashboard.left
  undo()
  clearInterval(timer)
  over.abort()
  await followed
  held?.leave()
  return held ? held.ended : signalled()
}

// What ends is what we hold: that it has ended is told by the connection.
function holding(held: Held): Pick<Orders, 'stopAll' | 'killAll'> {
  return {
    async stopAll() {
      held.end('SIGINT')
      await held.ended
    },
    async killAll() {
      held.end('SIGINT')
    },
  }
}

// Whatever ends us, the terminal is given back. The answer is our status by then.
function closeOnSignal(close: () => void): () => number {
  let status = 0
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      status = 128 + constants.signals[name]
      close()
    })
  }
  return () => status
}
