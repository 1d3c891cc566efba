import { Problem } from '../problem.ts'

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a JSON object; throws a Problem that names it when it is none. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (isRecord(value)) return value
  throw new Problem('invalid', `${what} must be a JSON object.`)
}

/** An object whose values are text, or numbers (COLUMNS, LINES); throws a Problem that names the first that is neither. */
export function stringRecord(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(record(value, `'${what}'`))
  const wrong = entries.find(([, v]) => typeof v !== 'string' && typeof v !== 'number')
  if (wrong) throw new Problem('invalid', `'${what}' holds text only; '${wrong[0]}' is not text.`)
  const nul = entries.find(([name, v]) => `${name}${v}`.includes('\0'))
  if (nul) throw new Problem('invalid', `'${nul[0].replaceAll('\0', '')}' in '${what}' ${NUL}`)
  return Object.fromEntries(entries.map(([name, v]) => [name, String(v)]))
}

/** What is said of a text with a NUL: no program can be given one, as it ends every text in the kernel. */
export const NUL = 'holds a NUL character; take it out.'
