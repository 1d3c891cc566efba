import { Problem } from '../problem.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The moment that `10m`, `2h`, `90s`, `1d` or an ISO time means, in milliseconds since 1970; throws a Problem. */
export function sinceMoment(text: string, now: number): number {
  const ago = /^(\d{1,9})([smhd])$/.exec(text)
  if (ago) return now - Number(ago[1]) * UNITS[ago[2]!]!
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment) || moment < 0) {
    throw new Problem('usage', `--since takes a time such as 10m, 2h or 2026-11-23T22:59:42Z, not '${text}'.`)
  }
  return moment
}
