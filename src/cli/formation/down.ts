import { APP_FLAG, type Command } from '../command.ts'
import { askIfThere } from '../dial.ts'
import { appPath, findPlace } from '../place.ts'
import { beginLine, endLine } from '../print.ts'

export const command: Command = {
  usage: 'dyno down',
  summary: 'Ends everything of the app that runs: the formation and all one-offs.',
  flags: [APP_FLAG],
  examples: ['dyno down\nStopping all processes... done'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    beginLine(process.stdout, 'Stopping all processes... ')
    const path = `${appPath(place)}/formation`
    const reply = await askIfThere(place, { method: 'DELETE', path, headers: { Prefer: 'wait' } })
    endLine(reply ? 'done' : 'nothing runs')
    return 0
  },
}
