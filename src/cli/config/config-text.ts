import { masked } from '../../core/config/masked.ts'
import type { Environment } from '../../core/environment.ts'
import type { Flag, Typed } from '../command.ts'

/** A flag of commands that show config vars. */
export const SHOW_FLAG: Flag = { name: 'show', help: 'values as they are, on a terminal too' }

/** Config vars by name: on a terminal somebody may look on, so their values are masked unless asked for. */
export function configText(config: Environment, isShown: boolean): string[] {
  const names = Object.keys(config).sort()
  const width = Math.max(0, ...names.map(({ length }) => length)) + 1
  return names.map((name) => `${`${name}:`.padEnd(width)} ${isShown ? config[name] : masked(config[name]!)}`)
}

export function showsValues(flags: Typed['flags']): boolean {
  return flags.has('show') || !process.stdout.isTTY
}
