import { setTimeout as sleep } from 'node:timers/promises'
import { type DynoJson, listedDyno } from '../../core/api/api.ts'
import { listingTable } from '../../core/listing.ts'
import type { Inline } from '../../tui/inline.ts'
import { tableRows } from '../../tui/inline-rows.ts'
import { styleOf, themeOf } from '../../tui/theme.ts'
import { INTERVAL } from '../ask-dynos.ts'
import { drawsInPlace } from '../our-terminal.ts'

/** What `ctrl-c` leaves, as it would without a view. */
const INTERRUPTED = 130

type Watching = {
  readonly json: boolean
  /** What is said where there are no dynos. */
  readonly none: string
}

/**
 * Shows the dynos and what becomes of them until a person has seen enough; answers with our exit status. On a terminal
 * the table is drawn again in place; elsewhere it is written anew whenever a dyno comes, goes or changes its state.
 */
export async function watchDynos(look: () => Promise<DynoJson[]>, { json, none }: Watching): Promise<number> {
  if (!json && process.stdin.isTTY && drawsInPlace(process.stdout)) return watchInPlace(look, none)
  const gone = new AbortController()
  process.stdout.on('error', () => gone.abort()) // nobody reads on
  let shown: string | undefined
  while (!gone.signal.aborted) {
    const dynos = await look()
    const mark = dynos.map(({ id, state, updated_at }) => id + state + updated_at).join()
    if (mark !== shown) process.stdout.write(`${json ? JSON.stringify(dynos) : plainTable(dynos, none)}\n`)
    shown = mark
    await sleep(INTERVAL)
  }
  return 0
}

function plainTable(dynos: readonly DynoJson[], none: string): string {
  return `${dynos.length > 0 ? listingTable(dynos.map(listedDyno), Date.now()) : none}\n`
}

async function watchInPlace(look: () => Promise<DynoJson[]>, none: string): Promise<number> {
  const { openInline } = await import('../../tui/inline.ts') // React takes 100 ms
  const style = styleOf(themeOf(process.env))
  const over = new AbortController()
  let status = 0
  const view: Inline = openInline(process.stdout, (key) => {
    if (key === 'ctrl-c') status = INTERRUPTED
    if (key === 'ctrl-c' || key === 'escape' || (typeof key === 'object' && key.text === 'q')) over.abort()
  })
  let rows: string[] = []
  try {
    while (!over.signal.aborted) {
      const dynos = (await look()).map(listedDyno)
      rows = dynos.length > 0 ? tableRows(dynos, Date.now(), style) : [none]
      view.show([...rows, ' ', style.as('dim', 'q ends')])
      await sleep(INTERVAL, undefined, { signal: over.signal }).catch(() => {})
    }
  } finally {
    view.show(rows) // the keys mean nothing any more
    await view.close('stays')
  }
  return status
}
