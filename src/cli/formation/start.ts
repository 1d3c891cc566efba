import type { Socket } from 'node:net'
import { MANIFOLD_GONE } from '../../core/absence.ts'
import { asProblem, Problem } from '../../core/problem.ts'
import type { TerminalSize } from '../../core/terminal-size.ts'
import { endOfLog } from '../../edge/logs/find-line.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import { layoutOf, sizeOf } from '../../tui/layout.ts'
import { listDynos } from '../ask-dynos.ts'
import { APP_FLAG, type Command, type Typed } from '../command.ts'
import { askedTheme, type DashboardView, showDashboard, THEME_FLAGS } from '../dashboard/show-dashboard.ts'
import { type LogView, showLog } from '../logs/show-log.ts'
import { canDraw, drawsInPlace, wantsColours } from '../our-terminal.ts'
import { findPlace, makeFolders, type Place, tlsFolder } from '../place.ts'
import { complain } from '../print.ts'
import { releaseOnSave } from '../releases/release-on-save.ts'
import { holdFormation } from './hold-formation.ts'
import { beginFormation, FORMATION_FLAGS, joinFormation, stackOptions } from './start-formation.ts'

export const command: Command = {
  usage: 'dyno start [FLAGS] [TYPE|TYPE=N …]',
  summary: 'Runs the formation: one dyno of every process type, or as many as you say.',
  flags: [
    APP_FLAG,
    ...FORMATION_FLAGS,
    { name: 'detach', short: 'd', help: 'in the background, until dyno down' },
    { name: 'watch', help: 'make every save in the app folder a release, which what it changes restarts on' },
    { name: 'no-tty', help: 'pipes instead of a terminal for every dyno' },
    { name: 'no-ui', help: 'the plain log on a terminal as well' },
    ...THEME_FLAGS,
  ],
  words: [['formation-types', 'counts']],
  examples: [
    'dyno start',
    'dyno start web=2 worker=1',
    'dyno start web',
    'dyno start --detach && dyno logs -t',
    'dyno start --no-router',
    'dyno start -p 7000 -e .env,.env.local --grace 5',
  ],
  run: (typed) => start(typed, { isTour: false }),
}

function trustHint(file: string): string {
  return `To trust the certificate: curl --cacert ${file}, NODE_EXTRA_CA_CERTS=${file}, or import that file into your browser as an authority.`
}

/** Starts the formation and shows it; with a tour, the dashboard shows a newcomer around. */
export async function start(typed: Typed, { isTour }: { readonly isTour: boolean }): Promise<number> {
  const { flags } = typed
  const theme = askedTheme(flags)
  const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
  makeFolders(place)
  const { stdout } = process
  const folder = logFolder(place.state)
  const from = endOfLog(folder)
  const leased = !flags.has('detach')
  checkWatch(flags)
  const isDrawn = leased && canDraw() && drawsInPlace(stdout) && !flags.has('no-ui')
  const tty = !flags.has('no-tty')
  const terminal = tty ? { terminal: size(isDrawn) } : ({ force_no_tty: true } as const)
  const url = await beginFormation(place, typed, { tty, terminal, leased })
  if (flags.has('tls')) complain(trustHint(`${tlsFolder(place)}/ca.pem`))
  if (url === null) {
    stdout.write("The formation runs in the background; 'dyno ps' lists it, 'dyno down' ends it.\n")
    return 0
  }
  const socket = await joinFormation(place, url)
  const watched = flags.has('watch') ? releaseOnSave(place, stackOptions(flags, tty)).catch(told) : undefined
  try {
    return await (isDrawn
      ? show(socket, place, { from, theme, isTour })
      : showLines(socket, typed, { folder, from }))
  } finally {
    await (await watched)?.()
  }
}

// What runs goes on.
function told(error: unknown): undefined {
  complain(asProblem(error).message)
}

async function showLines(
  socket: Socket,
  { flags }: Typed,
  log: Pick<LogView, 'folder' | 'from'>,
): Promise<number> {
  const { stdout } = process
  const { ended } = holdFormation(socket, complain) // before anything is shown: who reads it may send a signal at once
  const over = new AbortController()
  const colours = wantsColours(flags, stdout)
  const shown = showLog({ ...log, filter: {}, json: false, colours, stdout }, over.signal)
  const status = await ended
  over.abort() // what is in the log by now is still shown
  await shown
  return status
}

function checkWatch(flags: Typed['flags']): void {
  const against = ['detach', 'live', 'slug'].find((name) => flags.has(name))
  if (!flags.has('watch') || against === undefined) return
  throw new Problem('usage', `--watch and --${against} do not go together: ${AGAINST[against]}`)
}

const AGAINST: Readonly<Record<string, string>> = {
  detach: 'who watches is this command; leave one of them out.',
  live: 'a live server reloads what it runs itself; leave one of them out.',
  slug: 'a slug does not change; leave one of them out.',
}

// The last that was said stays to be read when the picture is gone.
async function show(socket: Socket, place: Place, view: Omit<DashboardView, 'held'>): Promise<number> {
  let last = ''
  const held = holdFormation(socket, (sentence) => {
    last = sentence
    complain(sentence)
  })
  const status = await showDashboard(place, { ...view, held })
  if (status === 0 && (await isRunning(place))) {
    process.stdout.write("The formation goes on; 'dyno ui' shows it again, 'dyno down' ends it.\n")
  } else if (status !== 0 && !STOPPED.includes(status)) {
    complain(last === MANIFOLD_GONE ? last : `It ended with status ${status}; 'dyno logs' has the end of it.`)
  }
  return status
}

/** What Ctrl-C and the other ways to end it leave. */
const STOPPED = [129, 130, 131, 143]

async function isRunning(place: Place): Promise<boolean> {
  return (await listDynos(place)).length > 0
}

// Every dyno's terminal is as large as what shows it.
function size(isDrawn: boolean): TerminalSize {
  const { isTTY, columns, rows } = process.stdout
  if (!isTTY) return { columns: 80, rows: 24 }
  if (!isDrawn) return { columns, rows }
  return sizeOf(layoutOf({ columns, rows }, { listWidth: null, isZoomed: false }).main)
}
