import { LONGEST_WAIT } from '../core/patience.ts'
import { Problem } from '../core/problem.ts'
import type { Typed } from './command.ts'

/** The flags among these that were given, each by its name in the API and in milliseconds, none longer than a timer can wait. */
export function secondsOf(
  flags: Typed['flags'],
  names: Readonly<Record<string, string>>,
): Record<string, number> {
  const given = Object.entries(names).flatMap(([name, flag]): [string, number][] => {
    const text = flags.get(flag)
    if (text === undefined) return []
    if (!/^\d{1,7}(\.\d+)?$/.test(text)) {
      throw new Problem('usage', `--${flag} takes a number of seconds, not '${text}'.`)
    }
    return [[name, Math.min(Number(text) * 1000, LONGEST_WAIT)]]
  })
  return Object.fromEntries(given)
}

/** What a flag counts, the least of it (0 unless said), and how the flag is typed, where not by its long name. */
type Counted = { readonly of: string; readonly least?: number; readonly typed?: string }

/** How many a flag says; undefined where it was not given. */
export function countOf(
  flags: Typed['flags'],
  flag: string,
  { of, least = 0, typed = `--${flag}` }: Counted,
): number | undefined {
  const text = flags.get(flag)
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
  const from = least > 0 ? ` from ${least}` : ''
  throw new Problem('usage', `${typed} takes a number of ${of}${from}, not '${text}'.`)
}
