import { noSuchDyno } from '../../core/absence.ts'
import { type DynoJson, listedDyno } from '../../core/api/api.ts'
import { listingTable } from '../../core/listing.ts'
import { compareNames } from '../../core/name.ts'
import { Problem } from '../../core/problem.ts'
import { listDynos } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { watchDynos } from './watch-dynos.ts'

const EXAMPLE = `Process  State      Command
-------  ---------  --------------
run.3    up for 4s  bin/do-work`

export const command: Command = {
  usage: 'dyno ps [DYNO|TYPE …] [--json] [--watch]',
  summary: "Lists the app's dynos.",
  flags: [
    APP_FLAG,
    { name: 'json', help: "the Platform API's list; with --watch a line for each change" },
    { name: 'watch', short: 'w', help: 'stay, and show what changes; q or Ctrl-C ends it' },
  ],
  words: [['dynos', 'formation-types']],
  examples: [`dyno ps\n${EXAMPLE}`, 'dyno ps web worker.1', 'dyno ps --json', 'dyno ps --watch'],
  async run({ flags, words }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const look = async () => (await listDynos(place)).sort((a, b) => compareNames(a.name, b.name))
    const isOf = (word: string) => (dyno: DynoJson) => dyno.name === word || dyno.name.startsWith(`${word}.`)
    const isAsked = (dyno: DynoJson) => words.length === 0 || words.some((word) => isOf(word)(dyno))
    const none = `No dynos on ${place.app.name}`
    const json = flags.has('json')
    if (flags.has('watch')) return watchDynos(async () => (await look()).filter(isAsked), { json, none })
    const all = await look()
    const dynos = all.filter(isAsked)
    const missed = words.find((word) => !dynos.some(isOf(word)))
    if (missed !== undefined) throw noneOf(missed, all)
    const text = json
      ? JSON.stringify(dynos, null, 2)
      : dynos.length > 0
        ? listingTable(dynos.map(listedDyno), Date.now())
        : none
    process.stdout.write(`${text}\n`)
    return 0
  },
}

function noneOf(word: string, all: readonly DynoJson[]): Problem {
  if (/\.\d+$/.test(word))
    return noSuchDyno(
      word,
      all.map(({ name }) => name),
    )
  const known = [...new Set(all.map((dyno) => dyno.type))].join(', ')
  return new Problem('not-found', `No ${word} dynos run${known ? `; these types do: ${known}` : ''}.`)
}
