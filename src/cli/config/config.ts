import { dotenvLine } from '../../core/config/dotenv-line.ts'
import type { Environment } from '../../core/environment.ts'
import { Problem } from '../../core/problem.ts'
import { currentRelease, overlaid } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { runningFormation } from '../ask-dynos.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace, type Place } from '../place.ts'
import { readConfig } from './config-files.ts'
import { configText, SHOW_FLAG, showsValues } from './config-text.ts'

export const config: Command = {
  usage: 'dyno config [--show] [--shell] [--json]',
  summary: 'Lists the config vars: of .env, and what config:set and config:unset made of them.',
  flags: [
    APP_FLAG,
    SHOW_FLAG,
    { name: 'shell', short: 's', help: 'as lines of a .env file' },
    { name: 'json', short: 'j', help: 'as a JSON object' },
  ],
  examples: ['dyno config', 'dyno config --show', 'dyno config -s > copy.env'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const vars = await configVars(place)
    const lines = flags.has('json')
      ? [JSON.stringify(vars, null, 2)]
      : flags.has('shell')
        ? Object.entries(vars).map(([name, value]) => dotenvLine(name, value))
        : [`=== ${place.app.name} Config Vars`, '', ...configText(vars, showsValues(flags))]
    process.stdout.write(lines.map((line) => `${line}\n`).join(''))
    return 0
  },
}

export const configGet: Command = {
  usage: 'dyno config:get NAME',
  summary: 'Prints the value of a config var.',
  flags: [APP_FLAG, { name: 'shell', short: 's', help: 'as a line of a .env file' }],
  words: [['config-vars']],
  examples: ['dyno config:get DATABASE_URL'],
  async run({ flags, words: [name] }) {
    if (name === undefined)
      throw new Problem('usage', 'Usage: dyno config:get NAME. Example: dyno config:get TOKEN')
    const value = (await configVars(findPlace(flags.get('app'), { anywhere: true })))[name]
    if (value === undefined)
      throw new Problem('not-found', `There is no config var ${name}; 'dyno config' lists them.`)
    process.stdout.write(`${flags.has('shell') ? dotenvLine(name, value) : value}\n`)
    return 0
  },
}

/** The config vars that run, or that would if the formation were started now. */
export async function configVars(place: Place): Promise<Environment> {
  const current = currentRelease(readReleases(place.state).records)
  if (current && (await runningFormation(place))) return current.config
  return overlaid(Object.fromEntries(readConfig(place.app.root, undefined)), current?.settings ?? {})
}
