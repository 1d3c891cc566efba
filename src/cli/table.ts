/** Rows of cells as lines whose columns stand below each other. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)))
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
}

/** Process types and their commands in lines. */
export function typeRows(types: ReadonlyMap<string, string>): string[] {
  return table([...types].map(([type, line]) => [`${type}:`, line]))
}

/** Lines below a heading each, with a blank between, as Heroku's CLI shows facts of several kinds. */
export function sections(parts: readonly (readonly [heading: string, lines: readonly string[]])[]): string {
  return `${parts.map(([heading, lines]) => [`=== ${heading}`, '', ...lines].join('\n')).join('\n\n')}\n`
}
