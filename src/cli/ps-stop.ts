import { Problem } from '../core/problem.ts'
import { absentAs, askDynos, dynosPath } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { beginLine, endLine, printable } from './print.ts'

export const command: Command = {
  usage: 'dyno ps:stop DYNO|TYPE …',
  summary: 'Ends a one-off; a dyno of the formation begins again, as on Heroku (fewer: dyno ps:scale).',
  flags: [APP_FLAG],
  words: [['dynos', 'formation-types']],
  examples: [
    'dyno ps:stop run.1\nStopping run.1 process... done',
    'dyno ps:stop web.2',
    'dyno ps:stop worker',
  ],
  async run({ flags, words }) {
    if (words.length === 0) throw new Problem('usage', 'Please specify a process type or dyno name to stop.')
    const place = findPlace(flags.get('app'), { anywhere: true })
    for (const name of words) {
      beginLine(process.stdout, `Stopping ${printable(name)} ${processWord(name)}... `)
      const path = `${dynosPath(place, name)}/actions/stop`
      await askDynos(place, { method: 'POST', path }, absentAs(name))
      endLine('done')
    }
    return 0
  },
}

/** What `web.1` and `web` are called in the seed's sentences. */
export function processWord(name: string): 'process' | 'processes' {
  return name.includes('.') ? 'process' : 'processes'
}
