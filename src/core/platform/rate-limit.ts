// Heroku's: 4500 requests at once, and 75 more every minute.
const [FULL, A_MINUTE] = [4500, 75]

/** How many requests are left, as of a moment in milliseconds since 1970. */
export type Allowance = { readonly left: number; readonly at: number }

/** What somebody has who has asked nothing for an hour. */
export function fullAllowance(now: number): Allowance {
  return { left: FULL, at: now }
}

/** What it has grown to by now. */
export function grown({ left, at }: Allowance, now: number): Allowance {
  return { left: Math.min(FULL, left + ((now - at) / 60_000) * A_MINUTE), at: now }
}

/** What is left after one more request; undefined where it is one too many. */
export function spend(allowance: Allowance, now: number): Allowance | undefined {
  const { left, at } = grown(allowance, now)
  return left < 1 ? undefined : { left: left - 1, at }
}
