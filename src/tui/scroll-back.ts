import { passesFilter } from '../core/log.ts'
import { isError, type LogChoice } from './log-choice.ts'

/** How many lines are kept to scroll back through; older ones are in the log's files. */
export const KEPT = 20_000

/** With what was read from the files again: as far as anybody scrolls. */
export const MOST = 200_000

/** What is looked for: a text, whatever its case, or an error. */
export type Wanted = { readonly text: string } | 'error'

/** The newest lines of the log, as the dashboard looks through them. */
export type ScrollBack = {
  /** New lines; the answer is how many of them pass the choice. */
  push(lines: readonly string[]): number
  /** Lines from before the first one; how many of them pass. */
  prepend(lines: readonly string[]): number
  /** Throws away what was read again and is not looked at any more. */
  trim(): void
  /** Only lines that pass. */
  choose(choice: LogChoice): void
  /** So many lines that end `up` lines before the last one, oldest first. */
  page(up: number, count: number): readonly string[]
  /** How many lines there are to look through. */
  count(): number
  /** Which line the first one that is kept is, counted from the first one that ever came: negative when it was read again. */
  first(): number
  /** How many lines before the last one the next such line is, older or newer; undefined when there is none. */
  find(wanted: Wanted, from: { readonly up: number; readonly older: boolean }): number | undefined
}

export function openScrollBack(kept = KEPT): ScrollBack {
  let all: string[] = []
  let shown = all
  let limit = kept
  let first = 0
  let choice: LogChoice | null = null

  const passes = (line: string): boolean => {
    if (choice === null) return true
    if (!passesFilter(line, choice.filter)) return false
    return choice.text === '' || line.toLowerCase().includes(choice.text)
  }
  const chosen = (lines: readonly string[]): readonly string[] =>
    choice === null ? lines : lines.filter(passes)
  const drop = (count: number): void => {
    const gone = chosen(all.slice(0, count)).length
    all = all.slice(count)
    first += count
    shown = choice === null ? all : shown.slice(gone)
  }

  return {
    push(lines) {
      // Thrown away a quarter at a time: to shift a long list by one is work for each line.
      if (all.length + lines.length > limit * 1.25) drop(all.length - Math.max(0, limit - lines.length))
      const passing = chosen(lines)
      for (const line of lines) all.push(line)
      if (choice !== null) for (const line of passing) shown.push(line)
      return passing.length
    },
    prepend(lines) {
      all = [...lines, ...all]
      first -= lines.length
      limit = Math.min(MOST, Math.max(limit, all.length))
      const passing = chosen(lines)
      shown = choice === null ? all : [...passing, ...shown]
      return passing.length
    },
    trim() {
      limit = kept
      if (all.length > limit * 1.25) drop(all.length - limit)
    },
    choose(next) {
      const isAll = next.text === '' && next.filter.ps === undefined && next.filter.source === undefined
      choice = isAll ? null : { ...next, text: next.text.toLowerCase() }
      shown = choice === null ? all : all.filter(passes)
    },
    page(up, count) {
      const end = Math.max(0, shown.length - up)
      return shown.slice(Math.max(0, end - count), end)
    },
    count: () => shown.length,
    first: () => first,
    find(wanted, { up, older }) {
      const text = wanted === 'error' ? '' : wanted.text.toLowerCase()
      const fits = wanted === 'error' ? isError : (line: string) => line.toLowerCase().includes(text)
      const step = older ? 1 : -1
      for (let at = up + step; at >= 0 && at < shown.length; at += step) {
        if (fits(shown[shown.length - 1 - at]!)) return at
      }
      return undefined
    },
  }
}
