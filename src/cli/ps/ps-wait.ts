import { setTimeout as sleep } from 'node:timers/promises'
import { noFormation } from '../../core/absence.ts'
import { type DynoJson, listedDyno } from '../../core/api/api.ts'
import type { ListedDyno } from '../../core/listing.ts'
import { Problem } from '../../core/problem.ts'
import type { Inline } from '../../tui/inline.ts'
import { waitRows } from '../../tui/inline-rows.ts'
import { styleOf, themeOf } from '../../tui/theme.ts'
import { INTERVAL, listDynos, runningFormation } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { secondsOf } from '../flag-numbers.ts'
import { drawsInPlace } from '../our-terminal.ts'
import { findPlace, type Place } from '../place.ts'
import { beginLine, endLine } from '../print.ts'

export const command: Command = {
  usage: 'dyno ps:wait [-t TYPE] [--timeout SECONDS]',
  summary: 'Waits until every dyno of the formation is up on the newest release; fails when one has crashed.',
  flags: [
    APP_FLAG,
    {
      name: 'type',
      short: 't',
      value: 'TYPE',
      words: ['formation-types'],
      help: 'for dynos of this type only',
    },
    { name: 'timeout', value: 'SECONDS', help: 'give up after so long (default: never)' },
  ],
  examples: ['dyno start --detach && dyno ps:wait --timeout 60', 'dyno ps:wait -t web'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const { timeout = Number.POSITIVE_INFINITY } = secondsOf(flags, { timeout: 'timeout' })
    const giveUpAt = Date.now() + timeout
    let shown: Waiting | undefined
    try {
      for (;;) {
        const { dynos, late, version } = await lateDynos(place, flags.get('type'))
        if (late.length > 0 && Date.now() > giveUpAt)
          throw new Problem('timeout', `${namesOf(late)} not up in time.`)
        if (late.length > 0) shown ??= await openWaiting(`Waiting for every dyno to be running v${version}`)
        shown?.show({ late: late.map(listedDyno), count: dynos.length })
        if (late.length === 0) return 0
        await sleep(INTERVAL)
      }
    } finally {
      await shown?.close()
    }
  },
}

/** Dynos of the formation or of one type, and those of them that are not up on its release; throws a Problem when one has crashed. */
export async function lateDynos(place: Place, type?: string) {
  const all = (await listDynos(place)).filter(({ kind }) => kind === 'formation')
  if (all.length === 0) throw noFormation()
  const dynos = all.filter((dyno) => type === undefined || dyno.type === type)
  if (dynos.length === 0) throw new Problem('not-found', `No ${type} dynos run; see 'dyno ps'.`)
  const crashed = dynos.find(({ state }) => state === 'crashed')
  if (crashed)
    throw new Problem('invalid', `${crashed.name} has crashed; see 'dyno logs -p ${crashed.name}'.`)
  const version = (await runningFormation(place))?.version
  const late = dynos.filter(({ state, release }) => state !== 'up' || release?.version !== version)
  return { dynos, late, version }
}

/** How it is shown that we wait. */
type Waiting = {
  show(waiting: { readonly late: readonly ListedDyno[]; readonly count: number }): void
  close(): Promise<void>
}

async function openWaiting(title: string): Promise<Waiting> {
  if (!drawsInPlace(process.stderr)) return plainWaiting(title)
  const { openInline } = await import('../../tui/inline.ts') // React takes 100 ms
  const style = styleOf(themeOf(process.env))
  const view: Inline = openInline(process.stderr)
  return {
    show: (waiting) => view.show(waitRows(title, waiting, { now: Date.now(), style })),
    close: () => view.close('stays'),
  }
}

// One line, begun at once and ended when it is known how.
function plainWaiting(title: string): Waiting {
  beginLine(process.stderr, `${title}... `)
  return {
    show({ late, count }) {
      if (late.length === 0) endLine(`${count} / ${count}, done`)
    },
    close: async () => {},
  }
}

function namesOf(dynos: readonly DynoJson[]): string {
  const names = dynos.map(({ name }) => name)
  return names.length === 1 ? `${names[0]} was` : `${names.join(', ')} were`
}
