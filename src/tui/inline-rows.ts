import { age, type ListedDyno, listingTable } from '../core/listing.ts'
import { type Style, stateMark } from './theme.ts'

// What inline views show, row by row.

/** The table of `dyno ps`, each state in its colour. */
export function tableRows(dynos: readonly ListedDyno[], now: number, style: Style): string[] {
  const states = new Map(dynos.map(({ name, state }) => [name, state]))
  return listingTable(dynos, now)
    .split('\n')
    .map((row, index) => {
      const state = states.get(row.split(' ', 1)[0]!)
      if (state === undefined || index < 2) return index < 2 ? style.as('dim', row) : row
      return row.replace(` ${state} for `, () => ` ${style.as(stateMark(state)[1], state)} for `)
    })
}

/** Who is waited for (`late`, of so many), with the title above that says for what. */
export function waitRows(
  title: string,
  { late, count }: { readonly late: readonly ListedDyno[]; readonly count: number },
  { now, style }: { readonly now: number; readonly style: Style },
): string[] {
  const head = `${title}... ${count - late.length} / ${count}`
  if (late.length === 0) return [`${head}, done`]
  const width = Math.max(...late.map(({ name }) => name.length))
  const row = ({ name, state, since }: ListedDyno): string => {
    const [mark, role] = stateMark(state)
    return `  ${style.as(role, mark)} ${name.padEnd(width)}  ${state} for ${age(now - since)}`
  }
  return [head, ...late.map(row)]
}

const BAR = 30

/** How much of some bytes is done: a bar, a share and megabytes. */
export function progressRow(title: string, done: number, total: number, style: Style): string {
  const share = total > 0 ? Math.min(1, done / total) : 0
  const full = Math.round(share * BAR)
  const bar = style.as('accent', '━'.repeat(full)) + style.as('dim', '─'.repeat(BAR - full))
  return `${title} ${bar} ${Math.floor(share * 100)}% ${(done / 1e6).toFixed(1)} MB`
}

/** A question, and what can be answered; the chosen one is marked. */
export function choiceRows(
  question: string,
  { choices, chosen }: { readonly choices: readonly string[]; readonly chosen: number },
  style: Style,
): string[] {
  const row = (choice: string, index: number) =>
    index === chosen ? style.as('accent', `› ${choice}`) : `  ${choice}`
  return [style.as('strong', question), ...choices.map(row), style.as('dim', '↑↓ choose · Enter · Esc')]
}
