import { askDynos, dynosPath } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { beginLine, endLine, printable } from './print.ts'
import { processWord } from './ps-stop.ts'

export const command: Command = {
  usage: 'dyno ps:restart [DYNO|TYPE]',
  summary: 'Restarts dynos of the formation, each on a fresh filesystem.',
  flags: [APP_FLAG],
  examples: ['dyno ps:restart', 'dyno ps:restart web.1', 'dyno ps:restart worker'],
  async run({ flags, words: [name] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const what = name === undefined ? 'processes' : `${printable(name)} ${processWord(name)}`
    const path = name === undefined ? `/apps/${place.app.name}/dynos` : dynosPath(place, name)
    beginLine(process.stdout, `Restarting ${what}... `)
    await askDynos(place, { method: 'DELETE', path })
    endLine('done')
    return 0
  },
}
