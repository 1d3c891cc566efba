import { safeText } from '../safe-text.ts'
import type { Finding } from './finding.ts'
import type { ReadersRows } from './readers-table.ts'
import type { Severity } from './rule.ts'

/** How a word of a finding is painted; without colours it stays as it is. */
export type Paint = (text: string, as: Severity | 'place' | 'faint') => string

/** How many columns of a long line are shown, with the place in their middle. */
const WINDOW = 100

/** A finding in lines: place, severity, rule and what to do; the line itself; a caret below the place. */
export function findingLines(finding: Finding, paint: Paint, readers?: ReadersRows): string[] {
  const { file, line, column, severity, rule, message, source } = finding
  const head = `${paint(`${shownText(file)}:${line}:${column}`, 'place')} ${paint(severity, severity)} ${paint(rule, 'faint')} ${shownText(message)}`
  const { shown, before } = excerpt(source, column - 1)
  const caret = `${' '.repeat(before)}${paint('^', severity)}`
  const width = Math.max(0, ...(readers ?? []).map(([who]) => who.length))
  const rows = (readers ?? []).map(([who, makes]) => `    ${who.padEnd(width)}  ${shownText(makes)}`)
  return [head, ...(shown.trim() === '' ? [] : [`  ${shown}`, `  ${caret}`]), ...rows]
}

// A part of the line around the place, and how many columns are before the place in it.
function excerpt(source: string, column: number): { shown: string; before: number } {
  const characters = [...shownText(source)]
  if (characters.length <= WINDOW) return { shown: characters.join(''), before: column }
  const from = Math.max(0, Math.min(column - WINDOW / 2, characters.length - WINDOW))
  const part = characters.slice(from, from + WINDOW).join('')
  const isCut = from + WINDOW < characters.length
  return {
    shown: `${from > 0 ? '…' : ''}${part}${isCut ? '…' : ''}`,
    before: column - from + (from > 0 ? 1 : 0),
  }
}

// A tab is as wide as a blank here, so that the caret is below its place.
function shownText(text: string): string {
  return safeText(text.replaceAll('\t', ' '), '\uFFFD')
}
