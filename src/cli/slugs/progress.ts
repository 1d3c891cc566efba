import type { Inline } from '../../tui/inline.ts'
import { progressRow } from '../../tui/inline-rows.ts'
import { styleOf, themeOf } from '../../tui/theme.ts'
import { drawsInPlace } from '../our-terminal.ts'

/** A bar for work that may take long; it shows itself only on a terminal, and only once it does take long. */
export type Progress = {
  report(step: 'packing' | 'unpacking', done: number, total: number): void
  end(): Promise<void>
}

/** Work this short needs no bar, in milliseconds: it takes 100 to load what draws one. */
const PATIENCE = 400

/** How often the bar is drawn again, in milliseconds. */
const INTERVAL = 100

const TITLES = { packing: 'Packing the app', unpacking: 'Unpacking the slug' }

export function openProgress(): Progress {
  const { stderr } = process
  const draws = drawsInPlace(stderr)
  const style = styleOf(themeOf(process.env))
  let due = Date.now() + PATIENCE
  let bar: Promise<Inline> | undefined
  return {
    report(step, done, total) {
      if (!draws || Date.now() < due) return
      due = Date.now() + INTERVAL
      bar ??= import('../../tui/inline.ts').then(({ openInline }) => openInline(stderr))
      void bar.then((view) => view.show([progressRow(TITLES[step], done, total, style)]))
    },
    end: async () => (await bar)?.close('goes'),
  }
}
