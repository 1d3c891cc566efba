import { fileURLToPath } from 'node:url'
import { unpackDemo } from '../../edge/unpack-demo.ts'
import type { Command, Typed } from '../command.ts'
import { start } from '../formation/start.ts'
import { canDraw, drawsInPlace } from '../our-terminal.ts'
import { isOneFile } from '../ourselves.ts'
import { lendNode } from './lend-node.ts'

export const command: Command = {
  usage: 'dyno demo [FLAGS] [DIR]',
  summary: 'Shows the process model in six steps, on an app that it brings along.',
  words: [['folders']],
  flags: [
    { name: 'plain', help: 'as text, a step after each Enter, and not in the dashboard' },
    { name: 'port', short: 'p', value: 'PORT', help: "the router's port (default: 5000)" },
  ],
  examples: ['dyno demo', 'dyno demo --plain'],
  run,
}

async function run({ flags, words: [folder = 'dyno-demo'] }: Typed): Promise<number> {
  unpackDemo(folder, bundledDemo())
  lendNode(folder)
  const port = new Map(flags.has('port') ? [['port', flags.get('port')!]] : [])
  if (flags.has('plain') || !canDraw() || !drawsInPlace(process.stdout)) {
    const { showPlainly } = await import('./demo-plain.ts')
    return showPlainly(folder, port)
  }
  process.stdout.write(`The demo app is in ${folder}; delete it when you have seen enough.\n`)
  return start({ flags: new Map([...port, ['app', folder]]), words: [] }, { isTour: true })
}

// Beside dist/, from wherever this file has been bundled to. The single binary has it within.
function bundledDemo(): string {
  if (isOneFile()) return ''
  const here = fileURLToPath(import.meta.url)
  const root = here.slice(0, here.lastIndexOf(here.includes('/dist/') ? '/dist/' : '/src/'))
  return `${root}/fixtures/apps/widgets`
}
