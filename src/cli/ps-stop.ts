import { Problem } from '../core/problem.ts'
import { APP_FLAG, type Command } from './command.ts'
import { askIfThere } from './dial.ts'
import { findPlace } from './place.ts'
import { beginLine, endLine } from './print.ts'

export const command: Command = {
  usage: 'dyno ps:stop DYNO',
  summary: 'Stops a dyno: SIGTERM to all its processes, SIGKILL to those left after 30 seconds.',
  flags: [APP_FLAG],
  examples: ['dyno ps:stop run.1'],
  async run({ flags, words }) {
    const [name] = words
    if (name === undefined) throw new Problem('usage', 'Please specify a process type or dyno name to stop.')
    const place = findPlace(flags.get('app'), { anywhere: true })
    const path = `/apps/${place.app.name}/dynos/${encodeURIComponent(name)}`
    const gone = new Problem('not-found', `Couldn't find that dyno: there is no ${name}. No dyno runs.`)
    if (!(await askIfThere(place, { method: 'GET', path }))) throw gone
    beginLine(process.stdout, `Stopping ${name} process... `)
    const headers = { Prefer: 'wait' }
    await askIfThere(place, { method: 'POST', path: `${path}/actions/stop`, headers })
    endLine('done')
    return 0
  },
}
