import { type DynoJson, listedDyno } from '../core/api.ts'
import { listingTable } from '../core/listing.ts'
import { compareNames } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { listDynos } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { watchDynos } from './watch-dynos.ts'

const EXAMPLE = `Process  State      Command
-------  ---------  --------------
run.3    up for 4s  bin/do-work`

export const command: Command = {
  usage: 'dyno ps [TYPE …] [--json] [--watch]',
  summary: "Lists the app's dynos.",
  flags: [
    APP_FLAG,
    { name: 'json', help: "the Platform API's list; with --watch a line for each change" },
    { name: 'watch', short: 'w', help: 'stay, and show what changes; q or Ctrl-C ends it' },
  ],
  words: [['formation-types']],
  examples: [`dyno ps\n${EXAMPLE}`, 'dyno ps web worker', 'dyno ps --json', 'dyno ps --watch'],
  async run({ flags, words: types }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const look = async () => (await listDynos(place)).sort((a, b) => compareNames(a.name, b.name))
    const isOf = (type: string) => (dyno: DynoJson) => dyno.name.startsWith(`${type}.`)
    const isAsked = (dyno: DynoJson) => types.length === 0 || types.some((type) => isOf(type)(dyno))
    const none = `No dynos on ${place.app.name}`
    const json = flags.has('json')
    if (flags.has('watch')) return watchDynos(async () => (await look()).filter(isAsked), { json, none })
    const all = await look()
    const dynos = all.filter(isAsked)
    const missed = types.find((type) => !dynos.some(isOf(type)))
    if (missed !== undefined) {
      const known = [...new Set(all.map((dyno) => dyno.type))].join(', ')
      throw new Problem('not-found', `No ${missed} dynos run${known ? `; these types do: ${known}` : ''}.`)
    }
    const text = json
      ? JSON.stringify(dynos, null, 2)
      : dynos.length > 0
        ? listingTable(dynos.map(listedDyno), Date.now())
        : none
    process.stdout.write(`${text}\n`)
    return 0
  },
}
