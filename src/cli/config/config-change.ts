import { isVariableName } from '../../core/environment.ts'
import { Problem } from '../../core/problem.ts'
import { currentRelease, type Settings } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { runningFormation } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace, type Place } from '../place.ts'
import { makeRelease } from '../releases/make-release.ts'
import { configVars } from './config.ts'
import { readConfig } from './config-files.ts'

export const configSet: Command = {
  usage: 'dyno config:set NAME=VALUE …',
  summary: 'Sets config vars, over what .env says, and makes a release that has them.',
  flags: [APP_FLAG],
  words: [['assignments']],
  examples: ['dyno config:set RACK_ENV=staging', "dyno config:set A=1 'B=two words'"],
  async run({ flags, words }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    if (words.length === 0) throw usage('config:set NAME=VALUE. Example: dyno config:set RACK_ENV=staging')
    await change(place, 'Setting', Object.fromEntries(words.map(assignment)))
    return 0
  },
}

export const configUnset: Command = {
  usage: 'dyno config:unset NAME … [--file]',
  summary: 'Takes config vars away, whatever .env says, and makes a release without them.',
  flags: [APP_FLAG, { name: 'file', help: 'let .env say what they are again, instead' }],
  words: [['config-vars']],
  examples: [
    'dyno config:unset RACK_ENV',
    'dyno config:unset RACK_ENV --file\nLeaving RACK_ENV to .env... done, v4',
  ],
  async run({ flags, words }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    if (words.length === 0) throw usage('config:unset NAME. Example: dyno config:unset RACK_ENV')
    if (flags.has('file')) {
      await leaveToFile(place, words)
      return 0
    }
    const vars = await configVars(place)
    const missing = words.find((name) => !(name in vars))
    if (missing !== undefined)
      throw new Problem('not-found', `There is no config var ${missing}; 'dyno config' lists them.`)
    await change(place, 'Unsetting', Object.fromEntries(words.map((name) => [name, null])))
    return 0
  },
}

/** Changes these config vars by one release. */
export async function change(place: Place, doing: string, changes: Settings): Promise<void> {
  await order(place, `${doing} ${Object.keys(changes).join(', ')}`, { config: changes })
}

// What people have set is forgotten, and .env counts for these again from now on.
async function leaveToFile(place: Place, names: readonly string[]): Promise<void> {
  const settings = currentRelease(readReleases(place.state).records)?.settings ?? {}
  const untouched = names.find((name) => !Object.hasOwn(settings, name))
  if (untouched !== undefined)
    throw new Problem('not-found', `config:set and config:unset have not changed ${untouched}; .env counts.`)
  const vars = readConfig(place.app.root, undefined)
  const config = Object.fromEntries(names.map((name) => [name, vars.get(name) ?? null]))
  await order(place, `Leaving ${Object.keys(config).join(', ')} to .env`, { config, to_files: true })
}

async function order(place: Place, what: string, request: object): Promise<void> {
  const restarting = (await runningFormation(place)) ? ` and restarting ${place.app.name}` : ''
  await makeRelease(place, `${what}${restarting}`, request)
}

function assignment(word: string): [name: string, value: string] {
  const at = word.indexOf('=')
  if (at > 0 && isVariableName(word.slice(0, at))) return [word.slice(0, at), word.slice(at + 1)]
  throw usage(`config:set NAME=VALUE; '${word}' is no assignment.`)
}

const usage = (text: string): Problem => new Problem('usage', `Usage: dyno ${text}`)
