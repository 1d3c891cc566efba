import { compareNames } from './name.ts'
import { safeText } from './safe-text.ts'

/** A row of `dyno ps`: `since` is when the state began, in milliseconds since 1970. */
export type ListedDyno = {
  readonly name: string
  readonly state: string
  readonly since: number
  readonly command: string
}

const COMMAND_WIDTH = 36

/** The `Process  State  Command` table, sorted by type and number; every cell is padded, the last one too. */
export function listingTable(dynos: readonly ListedDyno[], now: number): string {
  const rows = [...dynos]
    .sort((a, b) => compareNames(a.name, b.name))
    .map((dyno) => [dyno.name, `${dyno.state} for ${age(now - dyno.since)}`, shorten(dyno.command)])
  const header = ['Process', 'State', 'Command']
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => `${cell.padEnd(widths[i]!)}  `).join('')
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** An age in its largest whole unit: `59s`, `1m`, `22h`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return `${seconds}s`
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`
}

function shorten(command: string): string {
  const line = safeText(command).replace(/\s+/g, ' ')
  return line.length > COMMAND_WIDTH ? `${line.slice(0, COMMAND_WIDTH - 2)}..` : line
}
