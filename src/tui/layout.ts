import { TOUR_ROWS, type Tour } from './tour.ts'

/** Columns and rows. */
export type PaneSize = { readonly columns: number; readonly rows: number }

/** Where a pane is on the screen, in cells from its upper left corner. */
export type Place = {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

/** Where everything is. A pane that is not shown has no height. */
export type Layout = {
  /** Below this size there is nothing sensible to see. */
  readonly isTooSmall: boolean
  /** Whether the list stands beside the main pane, and not above it. */
  readonly isWide: boolean
  readonly head: Place
  /** What somebody is to do who is shown around. */
  readonly tour: Place
  readonly list: Place
  readonly rule: Place
  /** The log, a terminal, or a page of text. */
  readonly main: Place
  readonly detail: Place
  readonly foot: Place
}

/** What a person has chosen of it. */
export type Arrangement = {
  readonly listWidth: number | null
  readonly isZoomed: boolean
  /** Who is shown around gets rows for it below the head. */
  readonly tour?: Tour | null
}

/** The smallest size that is served. */
export const LEAST: PaneSize = { columns: 40, rows: 10 }
/** From here on the list stands beside the log and not above it. */
const WIDE = 90
/** The width of the list, where there is room for what dynos use and where there is not. */
const LIST_WIDTHS = { roomy: 52, plain: 32 }
const ROOMY = 120
const NARROWEST = 20
const LIST_ROWS = 6

const NOWHERE: Place = { top: 0, left: 0, width: 0, height: 0 }

export function layoutOf(
  { columns, rows }: PaneSize,
  { listWidth, isZoomed, tour: touring }: Arrangement,
): Layout {
  const isTooSmall = columns < LEAST.columns || rows < LEAST.rows
  const isWide = columns >= WIDE
  const row = (top: number): Place => ({ top, left: 0, width: columns, height: 1 })
  const [head, detail, foot] = [row(0), row(rows - 2), row(rows - 1)]
  const tourRows = touring ? TOUR_ROWS : 0
  const top = 1 + tourRows
  const between = Math.max(1, rows - top - 2)
  const tour = tourRows > 0 ? { top: 1, left: 0, width: columns, height: tourRows } : NOWHERE
  const common = { isTooSmall, isWide, head, tour, detail, foot }
  if (isZoomed) {
    const main = { top, left: 0, width: columns, height: between }
    return { ...common, list: NOWHERE, rule: NOWHERE, main }
  }
  if (!isWide) {
    const height = Math.min(LIST_ROWS, Math.floor(between / 3))
    return {
      ...common,
      list: { top, left: 0, width: columns, height },
      rule: row(top + height),
      main: { top: top + height + 1, left: 0, width: columns, height: Math.max(1, between - height - 1) },
    }
  }
  const usual = columns >= ROOMY ? LIST_WIDTHS.roomy : LIST_WIDTHS.plain
  const width = Math.min(Math.max(listWidth ?? usual, NARROWEST), columns - LEAST.columns)
  return {
    ...common,
    list: { top, left: 0, width, height: between },
    rule: { top, left: width, width: 1, height: between },
    main: { top, left: width + 1, width: columns - width - 1, height: between },
  }
}

/** The size of what a pane shows. */
export function sizeOf({ width, height }: Place): PaneSize {
  return { columns: width, rows: height }
}

/** Where in the pane this cell of the screen is; undefined when it is outside of it. */
export function within(
  place: Place,
  { x, y }: { x: number; y: number },
): { x: number; y: number } | undefined {
  const [column, row] = [x - place.left, y - place.top]
  const isInside = column >= 0 && column < place.width && row >= 0 && row < place.height
  return isInside ? { x: column, y: row } : undefined
}
