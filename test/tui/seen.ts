import { layoutOf, type PaneSize } from '../../src/tui/layout.ts'
import type { Scene } from '../../src/tui/paint.ts'
import { openScrollBack } from '../../src/tui/scroll-back.ts'
import type { Style } from '../../src/tui/theme.ts'

/** A dyno as the dashboard is told of it. */
export const dyno = (name: string, state = 'up') => {
  const type = name.split('.')[0]!
  return { name, type, state, since: 0, command: `node ${name}`, size: 'Basic', version: 3 }
}

/** A line of the log. */
export const line = (ps: string, message: string, source = 'app') =>
  `2026-11-24T19:44:06.000000+00:00 ${source}[${ps}]: ${message}`

export const PLAIN: Style = { as: (_, text) => text, line: (text) => text }

/** What there is to be seen beside a board, 125 seconds after 1970. */
export function scene(size: PaneSize, changes: Partial<Scene> = {}): Scene {
  const layout = layoutOf(size, { listWidth: null, isZoomed: false })
  return { layout, style: PLAIN, now: 125_000, log: openScrollBack(), terminal: undefined, ...changes }
}
