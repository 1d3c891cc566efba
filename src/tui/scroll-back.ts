import { parseLogLine } from '../core/log.ts'

/** How many lines are kept to scroll back through; older ones are in the log's files. */
export const KEPT = 20_000

/** The newest lines of the log, as the dashboard looks through them. */
export type ScrollBack = {
  push(lines: readonly string[]): void
  /** Only this dyno's lines, or all. */
  choose(ps: string | null): void
  /** So many lines that end `up` lines before the last one, oldest first. */
  page(up: number, count: number): readonly string[]
  /** How many lines there are to look through. */
  count(): number
  /** How many lines before the last one the next line with this text is, older or newer; undefined when there is none. */
  find(text: string, from: { readonly up: number; readonly older: boolean }): number | undefined
}

export function openScrollBack(kept: number = KEPT): ScrollBack {
  let all: string[] = []
  let chosen: string | null = null
  let shown = all

  const isChosen = (line: string): boolean => chosen === null || parseLogLine(line)?.ps === chosen

  return {
    push(lines) {
      // Thrown away a quarter at a time: to shift a long list by one is work for each line.
      if (all.length + lines.length > kept * 1.25) all = all.slice(-kept)
      for (const line of lines) all.push(line)
      if (chosen === null) shown = all
      else for (const line of lines) if (isChosen(line)) shown.push(line)
    },
    choose(ps) {
      chosen = ps
      shown = ps === null ? all : all.filter(isChosen)
    },
    page(up, count) {
      const end = Math.max(0, shown.length - up)
      return shown.slice(Math.max(0, end - count), end)
    },
    count: () => shown.length,
    find(text, { up, older }) {
      const wanted = text.toLowerCase()
      const step = older ? 1 : -1
      for (let at = up + step; at >= 0 && at < shown.length; at += step) {
        if (shown[shown.length - 1 - at]!.toLowerCase().includes(wanted)) return at
      }
      return undefined
    },
  }
}
