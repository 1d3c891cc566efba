import { noFormation } from '../../core/absence.ts'
import type { FormationJson } from '../../core/api/formation-api.ts'
import { parseQuantities } from '../../core/formation.ts'
import { askDynos } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { askIfThere } from '../dial.ts'
import { updatesBody } from '../formation/start-formation.ts'
import { appPath, findPlace } from '../place.ts'
import { beginLine, endLine } from '../print.ts'

export const command: Command = {
  usage: 'dyno ps:scale [TYPE=N|TYPE+N|TYPE-N …]',
  summary: 'Says how many dynos of each type run, or changes it.',
  flags: [APP_FLAG],
  words: [['counts']],
  examples: [
    'dyno ps:scale',
    'dyno ps:scale web=2\nScaling web processes... done, now running 2',
    'dyno ps:scale web+1 worker=0',
    'dyno ps:scale web=1:standard-2x',
  ],
  async run({ flags, words }) {
    const updates = parseQuantities(words)
    const place = findPlace(flags.get('app'), { anywhere: true })
    const path = `${appPath(place)}/formation`
    if (updates.length === 0) {
      const reply = await askIfThere(place, { method: 'GET', path })
      process.stdout.write(`${formationLine((reply?.body ?? []) as FormationJson[])}\n`)
      return 0
    }
    const types = [...new Set(updates.map(({ type }) => type))].join(', ')
    beginLine(process.stdout, `Scaling ${types} processes... `)
    const { body } = await askDynos(place, { method: 'PATCH', path, body: { updates: updatesBody(updates) } })
    endLine(`done, now running ${running(body as FormationJson[], updates)}`)
    return 0
  },
}

// As Heroku's first CLI said it a single type's number stands alone.
function running(formation: readonly FormationJson[], updates: readonly { readonly type: string }[]): string {
  const named = new Set(updates.map(({ type }) => type))
  const changed = formation.filter(
    ({ type, quantity }) => named.has(type) || (named.has('all') && quantity > 0),
  )
  if (changed.length === 1) return String(changed[0]!.quantity)
  return changed.map(({ type, quantity }) => `${type}=${quantity}`).join(', ')
}

function formationLine(formation: readonly FormationJson[]): string {
  if (formation.length === 0) throw noFormation()
  const parts = formation.map(({ type, quantity, size }) => `${type}=${quantity}:${size}`)
  return parts.sort().join(' ')
}
