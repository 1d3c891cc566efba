import { type Board, hasTerminal, selectedDyno } from './board.ts'
import { fitted, fittedEnd } from './coloured.ts'
import { SHORT } from './keys.ts'
import type { Mode } from './mode.ts'
import type { Style } from './theme.ts'
import { type Tour, tourText } from './tour.ts'
import { shortMemory, sparkline } from './usage.ts'

type Look = { readonly columns: number; readonly style: Style; readonly now: number }

/** How many measurements a line of them shows. */
const BARS = 12

/** The app, how many dynos are up, where it is reached, and how busy its router is. */
export function paintHead(board: Board, { style, columns }: Look): string {
  const { app, url, isInMaintenance, dynos, usage, filter, isHeld, fresh } = board
  const up = dynos.filter(({ state }) => state === 'up').length
  const rate = usage?.rates.at(-1)
  const shown = [
    style.as('strong', app),
    dynos.length === 0 ? 'no dynos' : `${up} of ${dynos.length} up`,
    url && columns >= 60 && style.as('accent', url),
    url && rate !== undefined && columns >= 80 && `${sparkline(usage!.rates, BARS)} ${perSecond(rate)}`,
    isInMaintenance && style.as('alert', ' maintenance '),
    filter !== '' && style.as('alert', ` only ${filter} `),
    isHeld && style.as('alert', ` stands still${fresh > 0 ? `, ${fresh} new` : ''} · End follows `),
  ]
  return ` ${shown.filter(Boolean).join('  ')}`
}

function perSecond(rate: number): string {
  return `${rate > 0 && rate < 9.95 ? rate.toFixed(1) : Math.round(rate)} req/s`
}

/** What is typed or asked; who is still ending; the last that was done; or all of the selected dyno. */
export function paintDetail(board: Board, { style, columns, now }: Look): string {
  const { mode, notice } = board
  if (mode.is === 'type') return typedLine(mode.what, mode.text, columns)
  if (mode.is === 'palette') return typedLine('order', mode.text, columns)
  if (mode.is === 'ask') return style.as('alert', question(board, mode))
  if (mode.is === 'page') return ' any key goes on'
  if (board.endsAt !== null) return style.as('alert', ending(board, now))
  if (notice !== '') return ` ${notice}`
  const dyno = selectedDyno(board)
  return dyno ? style.as('dim', fitted(` ${detailOf(board)}`, columns - 1).trimEnd()) : ''
}

// Where it is typed is always seen.
function typedLine(what: string, text: string, columns: number): string {
  return ` ${what}: ${fittedEnd(text, columns - what.length - 4)}█`
}

function question({ terminals, dynos }: Board, { about }: Mode & { is: 'ask' }): string {
  if (about === 'stop all') return ' End everything that runs here? y / n '
  const ours = terminals.filter((name) => dynos.some((dyno) => dyno.name === name && name.startsWith('run.')))
  const withUs = ours.length > 0 ? ` (${ours.join(', ')} ${ours.length > 1 ? 'end' : 'ends'} with it)` : ''
  return ` l leave it running${withUs} · s stop everything · Esc stay `
}

function ending({ dynos, endsAt }: Board, now: number): string {
  const names = dynos.map(({ name }) => name).join(', ')
  const left = Math.max(0, Math.ceil((endsAt! - now) / 1000))
  return ` Waiting for ${names || 'the end'}: SIGKILL in ${left} s · Ctrl-C kills at once `
}

function detailOf(board: Board): string {
  const { name, size, version, command } = selectedDyno(board)!
  const use = board.usage?.dynos.get(name)
  const parts = [
    name,
    size,
    version !== null && `v${version}`,
    use?.port && `port ${use.port}`,
    use && `${use.restarts} ${use.restarts === 1 ? 'restart' : 'restarts'}`,
    use?.cpu != null && `${Math.round(use.cpu * 100)}% cpu`,
    use?.memory != null &&
      `${shortMemory(use.memory)} of ${shortMemory(use.memory_quota)} ${sparkline(use.memories, BARS, use.memory_quota).trim()}`,
    command.replace(/\s+/g, ' '),
  ]
  return parts.filter(Boolean).join('  ')
}

/** What somebody is to do who is shown around, and what it shows. */
export function paintTour(tour: Tour, { columns, style }: Omit<Look, 'now'>): readonly string[] {
  const [what, why] = tourText(tour)
  return [style.as('alert', fitted(` ${what}`, columns)), fitted(` ${why}`, columns)]
}

/** The keys, most wanted first; at a terminal the way out of it. */
export function paintFoot(board: Board, { style, columns }: Look): string {
  if (board.mode.is === 'terminal')
    return ` ${style.as('alert', ` ${board.selected} has the keys · Ctrl-] comes back `)}`
  if (board.mode.is === 'joining')
    return ` ${style.as('alert', ' keys wait for the terminal · Ctrl-] comes back ')}`
  if (hasTerminal(board))
    return ` ${style.as('strong', '⏎')} types into it again  ${keysIn(columns - 24, style)}`
  return ` ${keysIn(columns - 1, style)}`
}

// As many as there is room for, and the last two always: how to get help, and how to get out.
function keysIn(columns: number, style: Style): string {
  const width = ([shown, help]: (typeof SHORT)[number]) => shown.length + help.length + 3
  const last = SHORT.slice(-2)
  let room = columns - last.reduce((sum, key) => sum + width(key), 0)
  const first = SHORT.slice(0, -2).filter((key) => {
    room -= width(key)
    return room >= 0
  })
  return [...first, ...last].map(([shown, help]) => `${style.as('strong', shown)} ${help}`).join('  ')
}
