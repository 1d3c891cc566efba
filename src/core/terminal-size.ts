/** A terminal's size in character cells. */
export type TerminalSize = { readonly columns: number; readonly rows: number }

const MAX_CELLS = 65_535

/** A usable size from what somebody sent; 80×24 stands in for a terminal that does not know its own. */
export function terminalSize(columns: unknown, rows: unknown): TerminalSize {
  return { columns: cells(columns, 80), rows: cells(rows, 24) }
}

function cells(value: unknown, otherwise: number): number {
  const known = typeof value === 'number' && Number.isInteger(value) && value > 0
  return known ? Math.min(value, MAX_CELLS) : otherwise
}

/** A terminal as an address asks for it: `?terminal=80x24`, or `?terminal=none` for pipes; '' to leave it. */
export function terminalQuery(terminal: TerminalSize | null | undefined): string {
  if (terminal === undefined) return ''
  return `?terminal=${terminal ? `${terminal.columns}x${terminal.rows}` : 'none'}`
}

/** The terminal that such a text asks for; undefined where it asks for nothing. */
export function terminalAsked(text: string | null | undefined): TerminalSize | null | undefined {
  if (text === 'none') return null
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text ?? '')
  return match ? terminalSize(Number(match[1]), Number(match[2])) : undefined
}
