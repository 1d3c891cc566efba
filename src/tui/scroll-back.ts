import { hasText, isError, type LogChoice, passesChoice } from './log-choice.ts'

/** How many lines are kept to scroll back through; older ones are in the log's files. */
export const KEPT = 20_000

/** With what was read from the files again: as far as anybody scrolls. */
export const MOST = 200_000

/** What is looked for: a text, whatever its case, or an error. */
export type Wanted = { readonly text: string } | 'error'

/** How many of some lines pass the choice, and how many of those are kept. */
export type Came = { readonly passing: number; readonly kept: number }

/** The newest lines of the log, as the dashboard looks through them. */
export type ScrollBack = {
  /**
   * New lines; the answer is how many of them pass the choice. While the log stands still none is thrown away for them:
   * those that there is no room for are only counted, as unread.
   */
  push(lines: readonly string[], isHeld?: boolean): Came
  /** So many new lines that were not even read. While the log follows they take the place of all there were. */
  skip(count: number, isHeld: boolean): void
  /** How many lines have come after the last one that is kept. */
  unread(): number
  /** Those of them that come first. */
  readOn(lines: readonly string[]): Came
  /** The last of them, instead of all lines there were: nothing is unread any more. */
  catchUp(lines: readonly string[]): void
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
  /** Which line the next one after the last that is kept is. */
  end(): number
  /** How many lines before the last one the next such line is, older or newer; undefined when there is none. */
  find(wanted: Wanted, from: { readonly up: number; readonly older: boolean }): number | undefined
}

export function openScrollBack(kept = KEPT): ScrollBack {
  let all: string[] = []
  let shown = all
  let limit = kept
  let first = 0
  let unread = 0
  let choice: LogChoice | null = null

  const passes = (line: string): boolean => choice === null || passesChoice(line, choice)
  const chosen = (lines: readonly string[]): readonly string[] =>
    choice === null ? lines : lines.filter(passes)
  const drop = (count: number): void => {
    const gone = chosen(all.slice(0, count)).length
    all = all.slice(count)
    first += count
    shown = choice === null ? all : shown.slice(gone)
  }

  const add = (lines: readonly string[]): Came => {
    const passing = chosen(lines)
    for (const line of lines) all.push(line)
    if (choice !== null) for (const line of passing) shown.push(line)
    return { passing: passing.length, kept: passing.length }
  }

  return {
    push(lines, isHeld = false) {
      if (isHeld && (unread > 0 || all.length + lines.length > MOST)) {
        unread += lines.length
        return { passing: chosen(lines).length, kept: 0 }
      }
      // Thrown away a quarter at a time: to shift a long list by one is work for each line.
      const isFull = !isHeld && all.length + lines.length > limit * 1.25
      if (isFull) drop(all.length - Math.max(0, limit - lines.length))
      return add(lines)
    },
    skip(count, isHeld) {
      if (isHeld) unread += count
      else {
        drop(all.length)
        first += count
      }
    },
    unread: () => unread,
    readOn(lines) {
      if (all.length + lines.length > MOST) drop(lines.length)
      unread -= lines.length
      return add(lines)
    },
    catchUp(lines) {
      drop(all.length)
      first += unread - lines.length
      unread = 0
      add(lines)
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
      choice = isAll ? null : next
      shown = choice === null ? all : all.filter(passes)
    },
    page(up, count) {
      const end = Math.max(0, shown.length - up)
      return shown.slice(Math.max(0, end - count), end)
    },
    count: () => shown.length,
    first: () => first,
    end: () => first + all.length,
    find(wanted, { up, older }) {
      const text = wanted === 'error' ? '' : wanted.text.toLowerCase()
      const fits = wanted === 'error' ? isError : (line: string) => hasText(line, text)
      const step = older ? 1 : -1
      for (let at = up + step; at >= 0 && at < shown.length; at += step) {
        if (fits(shown[shown.length - 1 - at]!)) return at
      }
      return undefined
    },
  }
}
