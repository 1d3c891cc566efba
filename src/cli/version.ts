import about from '../../package.json' with { type: 'json' }
import type { Command } from './command.ts'

export const command: Command = {
  usage: 'dyno version',
  summary: 'Prints the version.',
  flags: [],
  run() {
    const { versions, platform, arch } = process
    process.stdout.write(`dyno ${about.version} (node ${versions.node}, ${platform}-${arch})\n`)
    return Promise.resolve(0)
  },
}
