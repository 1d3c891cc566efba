import { fitted } from './coloured.ts'
import { ordersWith } from './keys.ts'
import type { PaneSize } from './layout.ts'
import type { Mode } from './mode.ts'
import type { Style } from './theme.ts'

type Look = PaneSize & { readonly style: Style }

/** Help, or the config vars. */
export function paintPage({ lines, from }: Mode & { is: 'page' }, { rows, columns, style }: Look): string[] {
  const width = Math.max(8, ...lines.map(([name]) => name.length))
  return lines.slice(from, from + rows).map(([name, text]) => {
    return ` ${style.as('strong', name.padEnd(width))} ${fitted(text, Math.max(1, columns - width - 2)).trimEnd()}`
  })
}

/** The orders that have what was typed; the chosen one is always among those that are shown. */
export function paintPalette({ text, at }: Mode & { is: 'palette' }, look: Look): string[] {
  const { rows, columns, style } = look
  const orders = ordersWith(text)
  const from = Math.max(0, Math.min(at - Math.floor(rows / 2), orders.length - rows))
  const shown = orders.slice(from, from + rows).map(({ intent, help, shown: key }, i) => {
    const line = fitted(` ${intent.padEnd(12)} ${key.padEnd(8)} ${help}`, columns)
    return from + i === at ? style.as('mark', line) : line
  })
  return shown.length > 0 ? shown : [` ${style.as('dim', 'no such order')}`]
}
