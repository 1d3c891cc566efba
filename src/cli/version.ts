import about from '../../package.json' with { type: 'json' }
import type { Versions } from '../core/diagnosis.ts'
import type { Command } from './command.ts'
import { isOneFile } from './ourselves.ts'

export const command: Command = {
  usage: 'dyno version [--json]',
  summary: 'Prints the version.',
  flags: [{ name: 'json', help: 'as JSON, with V8 and whether this is the single binary' }],
  examples: ['dyno version', 'dyno version --json'],
  run({ flags }) {
    const versions = programVersions()
    const { dyno, node, platform, arch } = versions
    const text = flags.has('json')
      ? JSON.stringify(versions, null, 2)
      : `dyno ${dyno} (node ${node}, ${platform}-${arch})`
    process.stdout.write(`${text}\n`)
    return Promise.resolve(0)
  },
}

/** Which program this is, and what it runs on. */
export function programVersions(): Versions {
  const { versions, platform, arch } = process
  return {
    dyno: about.version,
    node: versions.node,
    v8: versions.v8,
    platform,
    arch,
    single_binary: isOneFile(),
  }
}
