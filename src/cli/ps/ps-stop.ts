import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import { absentAs, askDynos, dynosPath } from '../ask-dynos.ts'
import { APP_FLAG, type Command, type Flag, type Typed } from '../command.ts'
import { findPlace } from '../place.ts'
import { beginLine, endLine } from '../print.ts'

/** Heroku's way to name what is stopped or restarted; here a word does as well. */
export const NAME_FLAGS: readonly Flag[] = [
  { name: 'dyno-name', short: 'd', value: 'DYNO', words: ['dynos'], help: 'this dyno, as the word DYNO' },
  {
    name: 'process-type',
    short: 'p',
    value: 'TYPE',
    words: ['formation-types'],
    help: 'all dynos of this type, as the word TYPE',
  },
]

/** The dynos and types that are named, by words or by flags. */
export function namesIn({ flags, words }: Typed): string[] {
  return [...words, ...NAME_FLAGS.flatMap(({ name }) => flags.get(name) ?? [])]
}

export const command: Command = {
  usage: 'dyno ps:stop DYNO|TYPE …',
  summary: 'Ends a one-off; a dyno of the formation begins again, as on Heroku (fewer: dyno ps:scale).',
  flags: [APP_FLAG, ...NAME_FLAGS],
  words: [['dynos', 'formation-types']],
  examples: [
    'dyno ps:stop run.1\nStopping run.1 process... done',
    'dyno ps:stop web.2',
    'dyno ps:stop worker',
  ],
  async run(typed) {
    const names = namesIn(typed)
    if (names.length === 0) throw new Problem('usage', 'Please specify a process type or dyno name to stop.')
    const place = findPlace(typed.flags.get('app'), { anywhere: true })
    for (const name of names) {
      beginLine(process.stdout, `Stopping ${safeText(name)} ${processWord(name)}... `)
      const path = `${dynosPath(place, name)}/actions/stop`
      await askDynos(place, { method: 'POST', path }, absentAs(name))
      endLine('done')
    }
    return 0
  },
}

/** What `web.1` and `web` are called in the sentences of Heroku's first CLI. */
export function processWord(name: string): 'process' | 'processes' {
  return name.includes('.') ? 'process' : 'processes'
}
