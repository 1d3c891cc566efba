import { commandLine } from '../../core/command.ts'
import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import type { Command, Typed } from '../command.ts'
import { ourTerminal } from '../our-terminal.ts'
import { findPlace } from '../place.ts'
import { beginLine, complain, endLine } from '../print.ts'
import { attach } from './attach.ts'
import { createDyno, joinCreated, RUN_FLAGS } from './create-dyno.ts'
import { KEEP_FLAGS, keptFiles } from './keep-files.ts'

/** How long to wait for the one-off to be up, in seconds. */
const CONNECT_TIMEOUT = 120

export const command: Command = {
  usage: 'dyno run [FLAGS] COMMAND [WORDS…]',
  summary: 'Runs a command in a one-off dyno, attached to your terminal.',
  flags: [
    ...RUN_FLAGS,
    ...KEEP_FLAGS,
    { name: 'no-tty', help: 'pipes instead of a terminal, as when input or output is not a terminal' },
    {
      name: 'exit-code',
      short: 'x',
      help: "accepted for Heroku's sake: the exit status is always passed on",
    },
    { name: 'no-notify', help: "accepted for Heroku's sake: nothing here notifies" },
  ],
  words: [['types', 'files'], ['files']],
  wordsEndFlags: true,
  examples: [
    'dyno run bash\nRunning bash attached to terminal... up, run.1\n~ $ exit',
    "dyno run 'rake db:migrate && echo done'",
    'dyno run worker 42',
    'dyno run cat <dump >copy',
  ],
  run,
}

async function run(typed: Typed): Promise<number> {
  const { flags, words } = typed
  if (words.length === 0) throw new Problem('usage', 'Usage: dyno run COMMAND. Example: dyno run bash')
  const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
  const { tty, terminal } = ourTerminal(flags)
  const kept = keptFiles(place, flags)
  const impatience = setTimeout(giveUp, connectTimeout() * 1000)
  const created = createDyno(place, typed, { tty, ...terminal, attach: true, kept }, () => {
    beginLine(process.stderr, `Running ${safeText(commandLine(words))} attached to terminal... `)
  })
  const socket = await joinCreated(place, await created, 'Error connecting to process')
  const status = await attach(socket, {
    tty,
    up(name) {
      clearTimeout(impatience)
      endLine(`up, ${name}`)
    },
  })
  await kept?.finish()
  return status
}

// The connection closes with us, and the manifold ends what nobody waits for.
function giveUp(): void {
  complain('Timeout awaiting process')
  process.exit(1)
}

function connectTimeout(): number {
  const asked = Number(process.env['DYNO_CONNECT_TIMEOUT'])
  return asked > 0 ? asked : CONNECT_TIMEOUT
}
