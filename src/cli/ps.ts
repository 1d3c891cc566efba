import { listedDyno } from '../core/api.ts'
import { listingTable } from '../core/listing.ts'
import { compareNames } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { listDynos } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  usage: 'dyno ps [TYPE] [--json]',
  summary: "Lists the app's dynos.",
  flags: [APP_FLAG, { name: 'json', help: "the Platform API's list" }],
  examples: ['dyno ps', 'dyno ps web', 'dyno ps --json'],
  async run({ flags, words: [type] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const all = (await listDynos(place)).sort((a, b) => compareNames(a.name, b.name))
    const dynos = type === undefined ? all : all.filter(({ name }) => name.startsWith(`${type}.`))
    if (type !== undefined && dynos.length === 0) {
      const known = [...new Set(all.map((dyno) => dyno.type))].join(', ')
      throw new Problem('not-found', `No ${type} dynos run${known ? `; these types do: ${known}` : ''}.`)
    }
    const text = flags.has('json')
      ? JSON.stringify(dynos, null, 2)
      : dynos.length > 0
        ? listingTable(dynos.map(listedDyno), Date.now())
        : `No dynos on ${place.app.name}`
    process.stdout.write(`${text}\n`)
    return 0
  },
}
