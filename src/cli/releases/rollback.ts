import { releaseBefore, releaseNamed } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { makeRelease } from './make-release.ts'

export const command: Command = {
  usage: 'dyno rollback [vN]',
  summary: 'Makes an earlier release, slug and config vars, the next one; without a number the one before.',
  flags: [APP_FLAG],
  words: [['releases']],
  examples: ['dyno rollback', 'dyno rollback v3'],
  async run({ flags, words: [name] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const { records } = readReleases(place.state)
    const to = name === undefined ? releaseBefore(records) : releaseNamed(records, name)
    await makeRelease(place, `Rolling back ${place.app.name} to v${to.version}`, {
      release: `v${to.version}`,
    })
    return 0
  },
}
