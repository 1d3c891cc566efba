import { isStartable } from '../../core/formation.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { complain } from '../print.ts'
import { prepareStack } from '../stack.ts'
import { makeRelease } from './make-release.ts'
import { tellOverridden } from './tell-changed.ts'

export const command: Command = {
  usage: 'dyno release [--slug FILE]',
  summary:
    'Makes the app folder, or a slug, the next release: its release command runs, then the formation on it.',
  flags: [
    APP_FLAG,
    { name: 'slug', value: 'FILE', help: 'a slug (.tgz, .tar, .tar.zst) instead of the app folder' },
    { name: 'procfile', short: 'f', value: 'FILE', help: 'another Procfile' },
    { name: 'env', short: 'e', value: 'FILE[,FILE]', help: 'config vars from these files (default: .env)' },
  ],
  examples: ['dyno release', 'dyno release --slug app.tgz'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: flags.has('slug') })
    const stack = await prepareStack(place, {
      slugFile: flags.get('slug'),
      procfile: flags.get('procfile'),
      configFiles: flags.get('env'),
    })
    if (!stack.process_types.some(([type]) => isStartable(type))) {
      complain('The Procfile has no process type that can be started; one-offs can run on this release.')
    }
    tellOverridden(place, stack.config, flags.get('env'))
    await makeRelease(place, `Releasing ${place.app.name}`, { stack })
    return 0
  },
}
