import { readFileSync } from 'node:fs'
import type { Command } from './command.ts'

export const command: Command = {
  usage: 'dyno version',
  summary: 'Prints the version.',
  flags: [],
  run() {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    process.stdout.write(
      `dyno ${version} (node ${process.versions.node}, ${process.platform}-${process.arch})\n`,
    )
    return Promise.resolve(0)
  },
}
