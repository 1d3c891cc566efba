import { Problem } from '../../core/problem.ts'
import { findProgram } from '../../edge/find-program.ts'
import { joinAt } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { openApi } from './open-api.ts'

export const command: Command = {
  usage: 'dyno heroku COMMAND [WORDS…]',
  summary: "Runs Heroku's own CLI, if it is installed, on this app's manifold instead of Heroku.",
  flags: [APP_FLAG],
  words: [[], ['files']],
  wordsEndFlags: true,
  examples: ['dyno heroku ps', "dyno heroku run 'rake db:migrate'", 'dyno heroku ps:scale worker=2'],
  async run({ flags, words }) {
    const heroku = findProgram('heroku', process.env['PATH'] ?? '')
    if (heroku === undefined) {
      throw new Problem('usage', "There is no 'heroku' on PATH; install it with 'npm install -g heroku'.")
    }
    const place = findPlace(flags.get('app'), { anywhere: false })
    const { environment, attachUrl } = await openApi(place, { lease: true })
    // It stays open as long as this connection, however we end.
    const hold = attachUrl === null ? undefined : await joinAt(place, attachUrl)
    hold?.on('error', () => {}).resume()
    const status = await runThrough(heroku, words, { ...ourEnvironment(), ...environment })
    hold?.destroy()
    return status
  },
}

// What our launcher kept from our own Node is the person's, and so heroku's.
function ourEnvironment(): NodeJS.ProcessEnv {
  const { DYNO_CALLER_NODE_OPTIONS: options, ...environment } = process.env
  return options === undefined ? environment : { ...environment, NODE_OPTIONS: options }
}

function runThrough(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { spawn } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', env })
    // The terminal sends it Ctrl-C as well; what we are sent alone is passed on.
    process.on('SIGINT', () => {})
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', (error) => reject(new Problem('usage', `${file} cannot be run (${error.message}).`)))
    child.once('close', (code, signal) => {
      const { signals } = process.getBuiltinModule('node:os').constants
      resolve(signal ? 128 + signals[signal] : (code ?? 1))
    })
  })
}
