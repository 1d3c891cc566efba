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
