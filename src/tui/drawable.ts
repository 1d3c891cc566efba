import { safeLine } from '../core/log/safe-line.ts'

/** Characters without a cell of their own: soft hyphens, zero-width ones, line separators, those that turn the direction. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what it is about
const COLOUR = /\x1b\[([\d;]*:[\d;:]*)m/g

/** A line of the log as panes can draw it: safe, each character in as many cells as it is counted for, colours as all know them. */
export function drawable(line: string): string {
  return safeLine(line)
    .replace(UNSEEN, '')
    .replace(COLOUR, (_, codes: string) => {
      const known = codes.split(';').flatMap(withoutColons)
      return known.length > 0 ? `\u001b[${known.join(';')}m` : ''
    })
}

/** `38:2::255:0:0` and `38:2:255:0:0` are `38;2;255;0;0`; `4:3`, a curly line, is `4`; a line's own colour is left out. */
function withoutColons(code: string): readonly string[] {
  const parts = code.split(':')
  const [what, how, ...values] = parts as [string, ...string[]]
  if (parts.length === 1) return [code]
  if (what === '4') return [how === '0' ? '24' : '4']
  if (what !== '38' && what !== '48') return []
  if (how === '5' && values[0]) return [what, how, values[0]]
  const colour = values.length > 3 ? values.slice(1, 4) : values
  return how === '2' && colour.length === 3 ? [what, how, ...colour.map((value) => value || '0')] : []
}
