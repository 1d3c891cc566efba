import { Problem } from './problem.ts'

/** Dyno sizes of Heroku's Common Runtime, as they are written back: `standard-1x` → `Standard-1X`. */
const SIZES = [
  'Eco',
  'Basic',
  'Standard-1X',
  'Standard-2X',
  'Performance-M',
  'Performance-L',
  'Performance-L-RAM',
  'Performance-XL',
  'Performance-2XL',
] as const

/** The size's proper name; throws a Problem naming the choices. Short forms such as `2x` and `pm` count. */
export function dynoSize(text: string): string {
  const wanted = text.toLowerCase()
  const long = { '1x': 'standard-1x', '2x': 'standard-2x', pm: 'performance-m', pl: 'performance-l' }[wanted]
  const size = SIZES.find((name) => name.toLowerCase() === (long ?? wanted))
  if (size) return size
  throw new Problem('invalid', `There is no dyno size '${text}'. The sizes are ${SIZES.join(', ')}.`)
}

export const DEFAULT_SIZE = 'Basic'
