import { DETACH_KEY } from '../core/detach-key.ts'
import { compareNames } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { joinDyno, listDynos } from './ask-dynos.ts'
import { askChoice, canAsk } from './ask-person.ts'
import { APP_FLAG, type Command } from './command.ts'
import { attach } from './one-off/attach.ts'
import { findPlace, type Place } from './place.ts'
import { complain } from './print.ts'

/**
 * What a program may have changed and will not change back for us: colours, cursor, alternate screen, mouse, paste and
 * keypad modes. Not 1049: outside of the alternate screen it would move the cursor.
 */
const USUAL_MODES = '\u001b[0m\u001b[?25h\u001b[?1047;1000;1002;1003;1006;2004;1l\u001b>'

export const command: Command = {
  usage: 'dyno attach [DYNO]',
  summary: 'Joins your terminal with a dyno of the formation; Ctrl-] leaves it running.',
  flags: [APP_FLAG],
  words: [['formation-dynos']],
  examples: ['dyno attach web.1'],
  async run({ flags, words: [named] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const name = named ?? (await chooseDyno(place))
    const socket = await joinDyno(place, name, { suffix: '/actions/attach' })
    const tty = process.stdin.isTTY && process.stdout.isTTY
    let left = `Left ${name}.`
    const status = await attach(socket, {
      tty,
      ended(status) {
        left = `${name} ended with status ${status}; see 'dyno ps' for its next life.`
      },
      detachKey: DETACH_KEY.charCodeAt(0),
      up: (up) =>
        process.stderr.write(`Attached to ${up}. ${tty ? 'Ctrl-]' : 'Ctrl-C'} leaves it running.\n`),
    })
    if (tty) process.stdout.write(USUAL_MODES)
    complain(left)
    return status
  },
}

// Whoever names none and can be asked chooses among those of the formation.
async function chooseDyno(place: Place): Promise<string> {
  const dynos = canAsk() ? (await listDynos(place)).filter(({ kind }) => kind === 'formation') : []
  const names = dynos.map(({ name }) => name).sort(compareNames)
  const answer = names.length > 0 ? await askChoice('Which dyno?', names) : undefined
  const name = answer === undefined ? undefined : names[answer]
  if (name !== undefined) return name
  throw new Problem('usage', 'Usage: dyno attach DYNO. Example: dyno attach web.1')
}
