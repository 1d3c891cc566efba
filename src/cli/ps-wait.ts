import { setTimeout as sleep } from 'node:timers/promises'
import { noFormation } from '../core/absence.ts'
import type { DynoJson } from '../core/api.ts'
import { Problem } from '../core/problem.ts'
import { listDynos } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { beginLine, endLine } from './print.ts'

/** How often the dynos are looked at, in milliseconds. */
const INTERVAL = 250

export const command: Command = {
  usage: 'dyno ps:wait [--timeout SECONDS]',
  summary: 'Waits until every dyno of the formation is up; fails when one has crashed.',
  flags: [APP_FLAG, { name: 'timeout', value: 'SECONDS', help: 'give up after so long (default: never)' }],
  examples: ['dyno start --detach && dyno ps:wait --timeout 60'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const giveUpAt = Date.now() + timeout(flags.get('timeout')) * 1000
    let begun = false
    for (;;) {
      const dynos = (await listDynos(place)).filter(({ release }) => release !== null)
      if (dynos.length === 0) throw noFormation()
      const crashed = dynos.find(({ state }) => state === 'crashed')
      if (crashed)
        throw new Problem('invalid', `${crashed.name} has crashed; see 'dyno logs -p ${crashed.name}'.`)
      const waiting = dynos.filter(({ state }) => state !== 'up')
      if (waiting.length === 0) break
      if (Date.now() > giveUpAt) throw new Problem('timeout', `${namesOf(waiting)} not up in time.`)
      if (!begun) beginLine(process.stderr, `Waiting for every dyno to be up... `)
      begun = true
      await sleep(INTERVAL)
    }
    endLine('done')
    return 0
  },
}

function timeout(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return Number(text)
  throw new Problem('usage', `--timeout takes a number of seconds, not '${text}'.`)
}

function namesOf(dynos: readonly DynoJson[]): string {
  const names = dynos.map(({ name }) => name)
  return names.length === 1 ? `${names[0]} was` : `${names.join(', ')} were`
}
