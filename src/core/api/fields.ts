import { Problem } from '../problem.ts'
import { quoted } from '../safe-text.ts'

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a JSON object; throws a Problem that names it when it is none. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (isRecord(value)) return value
  throw new Problem('invalid', `${what} must be a JSON object.`)
}

/** A field that is text; undefined where there is none. Throws a Problem that names it when it is anything else. */
export function textField(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new Problem('invalid', `'${name}' must be text.`)
}

/** A field that is true or false, as it is where there is none. Throws a Problem that names it when it is anything else. */
export function flagField(fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value === 'boolean') return value
  throw new Problem('invalid', `'${name}' must be true or false.`)
}

/** An object whose values are text, or numbers (COLUMNS, LINES); throws a Problem that names the first that is neither. */
export function stringRecord(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(record(value, `'${what}'`))
  const wrong = entries.find(([, v]) => typeof v !== 'string' && typeof v !== 'number')
  if (wrong) throw new Problem('invalid', `${quoted(wrong[0])} in '${what}' must be text.`)
  const nul = entries.find(([name, v]) => `${name}${v}`.includes('\0'))
  if (nul) throw new Problem('invalid', `${quoted(nul[0].replaceAll('\0', ''))} in '${what}' ${NUL}`)
  return Object.fromEntries(entries.map(([name, v]) => [name, String(v)]))
}

/** What is said of a text with a NUL: no program can be given one, as it ends every text in the kernel. */
export const NUL = 'holds a NUL character; take it out.'

/** The most of a text that a program is handed, in bytes: Linux takes 128 KiB, and we put it among words of our own. */
const LONGEST = 120 * 1024

/** Throws a Problem where a text is longer than a program can be handed; `what` begins the sentence. */
export function checkLength(text: string, what: string): void {
  // No letter has more than three bytes for each of its characters here.
  if (text.length * 3 <= LONGEST || new TextEncoder().encode(text).length <= LONGEST) return
  throw new Problem('invalid', `${what} has at most ${LONGEST / 1024} KiB; put it into a file.`)
}
