import { Problem } from '../core/problem.ts'
import { upgrade } from '../edge/dial-manifold.ts'
import { askDynos, dynosPath } from './ask-dynos.ts'
import { attach } from './attach.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { complain } from './print.ts'

/** Ctrl-] as telnet has it: no shell and few programs want it. */
const DETACH_KEY = 0x1d

export const command: Command = {
  usage: 'dyno attach DYNO',
  summary: 'Joins your terminal with a dyno of the formation; Ctrl-] leaves it running.',
  flags: [APP_FLAG],
  examples: ['dyno attach web.1'],
  async run({ flags, words: [name] }) {
    if (name === undefined) throw new Problem('usage', 'Usage: dyno attach DYNO. Example: dyno attach web.1')
    const place = findPlace(flags.get('app'), { anywhere: true })
    const reply = await askDynos(place, { method: 'POST', path: `${dynosPath(place, name)}/actions/attach` })
    const socket = await upgrade(place.socket, (reply.body as { attach_url: string }).attach_url)
    if (!socket) throw new Problem('not-found', `${name} does not run at the moment; see 'dyno ps'.`)
    const tty = process.stdin.isTTY && process.stdout.isTTY
    const status = await attach(socket, {
      tty,
      detachKey: DETACH_KEY,
      up: (up) =>
        process.stderr.write(`Attached to ${up}. ${tty ? 'Ctrl-]' : 'Ctrl-C'} leaves it running.\n`),
    })
    complain(`Left ${name}.`)
    return status
  },
}
