import type { Command } from './command.ts'
import { command as doctor } from './doctor.ts'
import { command as logs } from './logs.ts'
import { command as ps } from './ps.ts'
import { command as psStop } from './ps-stop.ts'
import { command as run } from './run.ts'
import { command as runDetached } from './run-detached.ts'
import { command as version } from './version.ts'

// The commands are small clients that share most of what they load, so they come in one piece: a file each costs
// a millisecond each. What is heavy (packing, probing, starting a manifold) they load themselves when they need it.

/** Every command by its name, in the order in which help lists them. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['run', run],
  ['run:detached', runDetached],
  ['ps', ps],
  ['ps:stop', psStop],
  ['logs', logs],
  ['doctor', doctor],
  ['version', version],
])

/** Other names people know them by. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ps:kill', 'ps:stop'],
  ['stop', 'ps:stop'],
  ['kill', 'ps:stop'],
  ['--version', 'version'],
  ['-v', 'version'],
])

/** The command of this name, whichever of its names it is. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.get(ALIASES.get(name) ?? name)
}
