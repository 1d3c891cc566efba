import { commandLine } from '../../core/command.ts'
import { Problem } from '../../core/problem.ts'
import { joinDyno } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { attach } from '../one-off/attach.ts'
import { ourTerminal } from '../our-terminal.ts'
import { findPlace } from '../place.ts'

export const command: Command = {
  usage: 'dyno ps:exec DYNO COMMAND [WORDS…]',
  summary: "Runs a command within a running dyno's own walls: its files, its processes.",
  flags: [APP_FLAG, { name: 'no-tty', help: 'pipes instead of a terminal' }],
  words: [['dynos'], ['files']],
  wordsEndFlags: true,
  examples: ['dyno ps:exec web.1 bash', 'dyno ps:exec worker.1 ps aux'],
  async run({ flags, words: [name, ...words] }) {
    if (name === undefined || words.length === 0) {
      throw new Problem('usage', 'Usage: dyno ps:exec DYNO COMMAND. Example: dyno ps:exec web.1 bash')
    }
    const place = findPlace(flags.get('app'), { anywhere: true })
    const { tty, terminal } = ourTerminal(flags)
    const env = tty && process.env['TERM'] ? { TERM: process.env['TERM'] } : {}
    const body = { command: commandLine(words), attach: true, env, ...terminal }
    return attach(await joinDyno(place, name, { body }), { tty, up() {} })
  },
}
