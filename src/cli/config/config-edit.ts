import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseDotenv } from '../../core/config/config.ts'
import { dotenvLine } from '../../core/config/dotenv-line.ts'
import type { Environment } from '../../core/environment.ts'
import { describeNote } from '../../core/note.ts'
import { Problem } from '../../core/problem.ts'
import type { Settings } from '../../core/release-record.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { configVars } from './config.ts'
import { change } from './config-change.ts'

export const command: Command = {
  usage: 'dyno config:edit',
  summary: 'Opens the config vars in $VISUAL or $EDITOR, and makes one release of what was changed.',
  flags: [APP_FLAG],
  examples: ['dyno config:edit', 'EDITOR=nano dyno config:edit'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const before = await configVars(place)
    const changes = difference(before, edited(before))
    if (Object.keys(changes).length === 0) process.stdout.write('No config var was changed.\n')
    else await change(place, 'Setting', changes)
    return 0
  },
}

// The file is for its owner's eyes only, and kept when it cannot be read: nobody types it twice.
function edited(before: Environment): Environment {
  const folder = mkdtempSync(`${tmpdir()}/dyno-config-`)
  const file = `${folder}/config.env`
  const lines = Object.entries(before).map(([name, value]) => `${dotenvLine(name, value)}\n`)
  writeFileSync(file, lines.join(''), { mode: 0o600 })
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
  const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, editor, file], { stdio: 'inherit' })
  const isLeft = existsSync(file)
  if (error || status !== 0 || !isLeft) {
    rmSync(folder, { recursive: true, force: true })
    const how = status === 0 ? 'left no file' : `ended with status ${status ?? error?.message}`
    throw new Problem('config', `The editor '${editor}' ${how}; nothing was changed.`)
  }
  const { vars, errors } = parseDotenv(readFileSync(file, 'utf8'), () => undefined)
  if (errors[0])
    throw new Problem('config', `${describeNote(file, errors[0])} Nothing was changed; the file is kept.`)
  rmSync(folder, { recursive: true })
  return Object.fromEntries(vars)
}

function difference(before: Environment, after: Environment): Settings {
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value)
  const gone = Object.keys(before).filter((name) => !(name in after))
  return { ...Object.fromEntries(changed), ...Object.fromEntries(gone.map((name) => [name, null])) }
}
