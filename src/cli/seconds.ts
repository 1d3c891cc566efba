import { Problem } from '../core/problem.ts'
import type { Typed } from './command.ts'

/** The flags among these that were given, each by its name in the API and in milliseconds. */
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
    return [[name, Number(text) * 1000]]
  })
  return Object.fromEntries(given)
}
