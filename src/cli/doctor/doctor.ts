import { diagnosisText, lacksOf } from '../../core/diagnosis.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { programVersions } from '../version.ts'
import { diagnose } from './diagnose.ts'

export const command: Command = {
  usage: 'dyno doctor [--json]',
  summary: 'Says what dynos have on this machine, what falls back and why, and how to get more.',
  flags: [APP_FLAG, { name: 'json', help: 'all of it as JSON; what falls back is in degraded' }],
  examples: ['dyno doctor', 'dyno doctor --json | jq .degraded'],
  async run({ flags }) {
    const folder = flags.get('app')
    const root = folder === undefined ? undefined : findPlace(folder, { anywhere: true }).app.root
    const found = await diagnose(root, programVersions())
    const text = flags.has('json')
      ? `${JSON.stringify({ ...found, degraded: lacksOf(found) }, null, 2)}\n`
      : diagnosisText(found)
    process.stdout.write(text)
    return 0
  },
}
