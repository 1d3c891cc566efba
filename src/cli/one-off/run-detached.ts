import { commandLine } from '../../core/command.ts'
import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import { endOfLog } from '../../edge/logs/find-line.ts'
import { logFolder, type Position } from '../../edge/logs/segments.ts'
import type { Command } from '../command.ts'
import { showLogOf } from '../logs/logs.ts'
import { findPlace, makeFolders, type Place } from '../place.ts'
import { beginLine, endLine } from '../print.ts'
import { createDyno, RUN_FLAGS } from './create-dyno.ts'

export const command: Command = {
  usage: 'dyno run:detached [FLAGS] COMMAND [WORDS…]',
  summary: 'Runs a command in a one-off dyno in the background; its output goes to the log.',
  flags: [...RUN_FLAGS, { name: 'tail', short: 't', help: 'show its log until Ctrl-C' }],
  words: [['types', 'files'], ['files']],
  wordsEndFlags: true,
  examples: [
    "dyno run:detached rake db:migrate\nRunning rake db:migrate... up, run.2\nUse 'dyno logs -p run.2' to view the log output.",
    'dyno logs -p run.2',
  ],
  async run(typed) {
    const { flags, words } = typed
    if (words.length === 0)
      throw new Problem('usage', 'Usage: dyno run:detached COMMAND. Example: dyno run:detached ls')
    const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
    const from = flags.has('tail') ? logEnd(place) : undefined
    const { name } = await createDyno(place, typed, { tty: false, attach: false }, () => {
      beginLine(process.stdout, `Running ${safeText(commandLine(words))}... `)
    })
    endLine(`up, ${name}`)
    if (from !== undefined) await showLogOf(place, flags, { from, filter: { ps: name } })
    else process.stdout.write(`Use 'dyno logs -p ${name}' to view the log output.\n`)
    return 0
  },
}

function logEnd(place: Place): Position {
  makeFolders(place)
  return endOfLog(logFolder(place.state))
}
