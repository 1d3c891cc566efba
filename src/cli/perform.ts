import { exitStatusOf, Problem } from '../core/problem.ts'
import { safeText } from '../core/safe-text.ts'
import { type Apart, nearest, takenApart, typedOf } from './args.ts'
import type { Command } from './command.ts'
import { ALIASES, COMMANDS, findCommand, otherNames } from './commands.ts'
import { complain, hasLostOutput, helpText, outlastReader } from './print.ts'
import { programVersions } from './version.ts'
import { wordCount } from './word-kind.ts'

/** Performs what was typed and answers with the exit status; a Problem becomes one sentence on standard error. */
export async function perform(verb: string, argv: readonly string[]): Promise<number> {
  outlastReader(process.stdout)
  try {
    if (verb === 'help' || verb === '--help' || verb === '-h') return await help(argv)
    const command = commandNamed(verb)
    const apart = takenApart(command, argv)
    if (wantsHelp(apart)) return await help([verb])
    const typed = typedOf(command, apart)
    refuseMoreWords(command, typed.words)
    const status = await command.run(typed)
    return status === 0 && hasLostOutput() ? 1 : status
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    complain(error.message)
    return exitStatusOf(error)
  }
}

function commandNamed(name: string): Command {
  const command = findCommand(name)
  if (command) return command
  const near = nearest(name, [...COMMANDS.keys(), ...ALIASES.keys()])
  const hint = near ? `Did you mean 'dyno ${near}'?` : "Type 'dyno help' for the list."
  throw new Problem('usage', `There is no command 'dyno ${name}'. ${hint}`)
}

// `dyno run --help` is ours; `dyno run rake --help` is rake's.
function wantsHelp({ options }: Apart): boolean {
  return options.some(({ rawName }) => rawName === '--help' || rawName === '-h')
}

// A word that is passed over is an order that was understood otherwise: `dyno down worker`.
function refuseMoreWords(command: Command, words: readonly string[]): void {
  const extra = words[wordCount(command)]
  if (extra === undefined) return
  const { usage } = command
  const [, verb] = usage.split(' ')
  const longer = `${verb}:${words[0]}`
  const hint = findCommand(longer) ? `Did you mean 'dyno ${longer}'?` : `Usage: ${usage}.`
  throw new Problem('usage', `There is no place for '${safeText(extra)}' in 'dyno ${verb}'. ${hint}`)
}

const USAGE = 'Usage: dyno COMMAND [FLAGS] [WORDS]'
const ABOUT = "Heroku's dyno manifold on one laptop, offline"

const MORE = `Type 'dyno help COMMAND' for its flags and examples; 'dyno help --man | man -l -' has all of it.`

async function help([name]: readonly string[]): Promise<number> {
  if (name === '--man') {
    const { manPage } = await import('./man-page.ts')
    const { dyno: version } = programVersions()
    process.stdout.write(manPage({ version, about: ABOUT, commands: COMMANDS, otherNames }))
    return hasLostOutput() ? 1 : 0
  }
  const width = Math.max(...[...COMMANDS.keys()].map(({ length }) => length))
  const rows = [...COMMANDS].map(([each, { summary }]) => `  ${each.padEnd(width)}  ${summary}\n`)
  const all = `${USAGE}\n\n${ABOUT}.\n\nCommands:\n${rows.join('')}\n${MORE}\n`
  process.stdout.write(name === undefined ? all : helpText(commandNamed(name), otherNames(name)))
  return hasLostOutput() ? 1 : 0
}
