import { listedDyno } from '../core/api.ts'
import { listingTable } from '../core/listing.ts'
import { compareNames } from '../core/name.ts'
import { listDynos } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  usage: 'dyno ps [--json]',
  summary: "Lists the app's dynos.",
  flags: [APP_FLAG, { name: 'json', help: "the Platform API's list" }],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const dynos = (await listDynos(place)).sort((a, b) => compareNames(a.name, b.name))
    const text = flags.has('json')
      ? JSON.stringify(dynos, null, 2)
      : dynos.length > 0
        ? listingTable(dynos.map(listedDyno), Date.now())
        : `No dynos on ${place.app.name}`
    process.stdout.write(`${text}\n`)
    return 0
  },
}
