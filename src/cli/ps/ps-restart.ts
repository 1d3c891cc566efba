import { noFormation } from '../../core/absence.ts'
import { checkRestart } from '../../core/formation.ts'
import { safeText } from '../../core/safe-text.ts'
import { readRelease } from '../../edge/keep-releases.ts'
import { absentAs, askDynos, dynosPath, runningFormation } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { appPath, findPlace, type Place } from '../place.ts'
import { beginLine, endLine } from '../print.ts'
import { isWatched } from '../releases/release-on-save.ts'
import { tellChanged } from '../releases/tell-changed.ts'
import { NAME_FLAGS, namesIn, processWord } from './ps-stop.ts'

export const command: Command = {
  usage: 'dyno ps:restart [DYNO|TYPE …]',
  summary:
    'Restarts dynos of the formation, each on a fresh filesystem of the same release; dyno release runs what has changed.',
  flags: [APP_FLAG, ...NAME_FLAGS],
  words: [['formation-dynos', 'formation-types']],
  examples: [
    'dyno ps:restart\nRestarting processes... done',
    'dyno ps:restart web.1',
    'dyno ps:restart worker',
  ],
  async run(typed) {
    const place = findPlace(typed.flags.get('app'), { anywhere: true })
    const names = namesIn(typed)
    names.forEach(checkRestart)
    for (const name of names.length > 0 ? names : [undefined]) await restart(place, name)
    await tellWhatRuns(place)
    return 0
  },
}

async function restart(place: Place, name: string | undefined): Promise<void> {
  const what = name === undefined ? 'processes' : `${safeText(name)} ${processWord(name)}`
  const path = name === undefined ? `${appPath(place)}/dynos` : dynosPath(place, name)
  beginLine(process.stdout, `Restarting ${what}... `)
  await askDynos(place, { method: 'DELETE', path }, name === undefined ? noFormation() : absentAs(name))
  endLine('done')
}

// A new life is one of the same release, which whoever comes from foreman does not expect.
async function tellWhatRuns(place: Place): Promise<void> {
  const formation = await runningFormation(place).catch(() => null) // what was ordered is done
  if (!formation || (await isWatched(place))) return
  tellChanged(place, formation, readRelease(place.state, formation.version))
}
