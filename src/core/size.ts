import { Problem } from './problem.ts'
import { quoted } from './safe-text.ts'

/** Dyno sizes of Heroku's Common Runtime as they are written back, `standard-1x` → `Standard-1X`, and their memory in MB. */
const QUOTAS = {
  Eco: 512,
  Basic: 512,
  'Standard-1X': 512,
  'Standard-2X': 1024,
  'Performance-M': 2560,
  'Performance-L': 14_336,
  'Performance-L-RAM': 30_720,
  'Performance-XL': 63_488,
  'Performance-2XL': 129_024,
} as const

/** Every dyno size by its proper name. */
export const SIZES = Object.keys(QUOTAS) as (keyof typeof QUOTAS)[]

/** The size's proper name; throws a Problem naming the choices. Short forms such as `2x` and `pm` count. */
export function dynoSize(text: string): keyof typeof QUOTAS {
  const wanted = text.toLowerCase()
  const long = { '1x': 'standard-1x', '2x': 'standard-2x', pm: 'performance-m', pl: 'performance-l' }[wanted]
  const size = SIZES.find((name) => name.toLowerCase() === (long ?? wanted))
  if (size) return size
  throw new Problem('invalid', `There is no dyno size ${quoted(text)}. The sizes are ${SIZES.join(', ')}.`)
}

export const DEFAULT_SIZE = 'Basic'

/** How much memory a dyno of this size may use, in bytes; throws a Problem for a size that does not exist. */
export function quotaOf(size: string): number {
  return QUOTAS[dynoSize(size)] * 1024 * 1024
}
