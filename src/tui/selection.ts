import { inverted, sliced } from './coloured.ts'

/** A cell of the main pane. */
export type Cell = { readonly x: number; readonly y: number }

/** What the mouse was dragged over, from where to where. */
export type Selection = { readonly from: Cell; readonly to: Cell }

/** The rows with what is selected inverted. */
export function withSelection(rows: readonly string[], selection: Selection): string[] {
  return rows.map((row, y) => {
    const [from, to] = columnsOf(selection, y)
    return from < to ? inverted(row, from, to) : row
  })
}

/** What is selected, as text: line by line, without the blanks at their ends. */
export function selectedText(rows: readonly string[], selection: Selection): string {
  const { first, last } = ordered(selection)
  return rows
    .slice(first.y, last.y + 1)
    .map((row, i) => sliced(row, ...columnsOf(selection, first.y + i)).trimEnd())
    .join('\n')
}

function columnsOf(selection: Selection, y: number): [from: number, to: number] {
  const { first, last } = ordered(selection)
  if (y < first.y || y > last.y) return [0, 0]
  return [y === first.y ? first.x : 0, y === last.y ? last.x + 1 : Number.POSITIVE_INFINITY]
}

function ordered({ from, to }: Selection): { first: Cell; last: Cell } {
  const isForward = from.y < to.y || (from.y === to.y && from.x <= to.x)
  return isForward ? { first: from, last: to } : { first: to, last: from }
}
