import type { Command } from './command.ts'

// Nothing is imported before it is known what is wanted: start-up is a feature.
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  run: () => import('./run.ts'),
  'run:detached': () => import('./run-detached.ts'),
  ps: () => import('./ps.ts'),
  'ps:stop': () => import('./ps-stop.ts'),
  logs: () => import('./logs.ts'),
  doctor: () => import('./doctor.ts'),
  version: () => import('./version.ts'),
}

const ALIASES: Readonly<Record<string, string>> = {
  'ps:kill': 'ps:stop',
  stop: 'ps:stop',
  kill: 'ps:stop',
  '--version': 'version',
  '-v': 'version',
}

const [verb = 'help', ...argv] = process.argv.slice(2)
process.exit(await main())

async function main(): Promise<number> {
  try {
    if (verb === '__manifold') return await (await import('./manifold.ts')).serveManifold(argv)
    return await perform()
  } catch (error) {
    const { exitStatusOf, Problem } = await import('../core/problem.ts')
    if (!(error instanceof Problem)) throw error
    const { complain } = await import('./print.ts')
    complain(error.message)
    return exitStatusOf(error)
  }
}

async function perform(): Promise<number> {
  if (verb === 'help' || verb === '--help' || verb === '-h') return help(argv[0])
  const load = COMMANDS[ALIASES[verb] ?? verb]
  if (!load) return unknownCommand()
  const { command } = await load()
  const { parseCommandLine } = await import('./args.ts')
  if (wantsHelp(command)) return help(verb)
  return command.run(parseCommandLine(command, argv))
}

// `dyno run --help` is ours; `dyno run rake --help` is rake's.
function wantsHelp(command: Command): boolean {
  const asked = argv.findIndex((word) => word === '--help' || word === '-h')
  const firstWord = argv.findIndex((word) => !word.startsWith('-'))
  return asked >= 0 && !(command.wordsEndFlags && firstWord >= 0 && firstWord < asked)
}

async function help(name: string | undefined): Promise<number> {
  const load = name === undefined ? undefined : COMMANDS[ALIASES[name] ?? name]
  if (name !== undefined && !load) return unknownCommand(name)
  const { helpText } = await import('./print.ts')
  if (load) {
    process.stdout.write(helpText((await load()).command))
    return 0
  }
  const rows = Object.entries(COMMANDS).map(
    async ([each, open]) => `  ${each.padEnd(14)}${(await open()).command.summary}`,
  )
  const list = (await Promise.all(rows)).join('\n')
  process.stdout.write(
    `${ABOUT}\n\nCommands:\n${list}\n\nType 'dyno help COMMAND' for its flags and examples.\n`,
  )
  return 0
}

const ABOUT = `Usage: dyno COMMAND [FLAGS] [WORDS]

Heroku's dyno manifold on one laptop, offline.`

async function unknownCommand(name = verb): Promise<number> {
  const { nearest } = await import('./args.ts')
  const { Problem } = await import('../core/problem.ts')
  const near = nearest(name, [...Object.keys(COMMANDS), ...Object.keys(ALIASES)])
  const hint = near ? `Did you mean 'dyno ${near}'?` : "Type 'dyno help' for the list."
  throw new Problem('usage', `There is no command 'dyno ${name}'. ${hint}`)
}
