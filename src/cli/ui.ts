import { constants } from 'node:os'
import { lineColours } from '../core/log-colours.ts'
import { Problem } from '../core/problem.ts'
import { safeLine } from '../core/safe-line.ts'
import { findStart } from '../edge/logs/find-line.ts'
import { followLog } from '../edge/logs/follow-log.ts'
import { logFolder } from '../edge/logs/segments.ts'
import type { Style } from '../tui/paint.ts'
import { APP_FLAG, type Command } from './command.ts'
import { dashboardOrders, listDynos } from './dashboard-orders.ts'
import { wantsColours } from './logs.ts'
import { findPlace, type Place } from './place.ts'

/** How often the list of dynos is asked for, in milliseconds. */
const LOOK = 500
/** How many lines of the log are read before the first picture. */
const BEFORE = 1000

export const command: Command = {
  usage: 'dyno ui',
  summary: 'Shows the dynos and their log, full screen, and takes orders by key; ? lists them.',
  flags: [APP_FLAG, { name: 'no-color', help: 'no colours (also NO_COLOR)' }],
  async run({ flags }) {
    if (!process.stdin.isTTY || !process.stdout.isTTY) {
      throw new Problem(
        'usage',
        "dyno ui needs a terminal; 'dyno logs -t' and 'dyno ps' say the same in lines.",
      )
    }
    const place = findPlace(flags.get('app'), { anywhere: true })
    return show(place, styleOf(wantsColours(flags, process.stdout)))
  },
}

async function show(place: Place, style: Style): Promise<number> {
  const over = new AbortController()
  const { openDashboard } = await import('../tui/dashboard.ts') // blessed takes 50 ms
  const dashboard = openDashboard(place.app.name, { style, orders: dashboardOrders(place), now: Date.now })
  const signalled = closeOnSignal(dashboard.close)
  const look = async (): Promise<void> => {
    try {
      dashboard.told(await listDynos(place))
    } catch (error) {
      dashboard.notice((error as Error).message) // it may be there again at the next look
    }
  }
  const timer = setInterval(look, LOOK)
  const folder = logFolder(place.state)
  const reader = {
    lines: (bytes: Uint8Array) => dashboard.lines(linesOf(bytes)),
    missed() {}, // it keeps less than the files do
  }
  const from = findStart(folder, { count: BEFORE })
  const followed = followLog(folder, from, { reader, signal: over.signal })
  await look()
  await dashboard.left
  clearInterval(timer)
  over.abort()
  await followed
  return signalled()
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
  process.on('exit', close) // our own mistake ends us without a word to anybody else
  return () => status
}

function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  return text.slice(0, -1).split('\n').map(safeLine)
}

function styleOf(wantsColours: boolean): Style {
  if (!wantsColours) return { colour: (_, text) => text, line: (line) => line }
  return { colour: (code, text) => `\u001b[${code}m${text}\u001b[0m`, line: lineColours() }
}
