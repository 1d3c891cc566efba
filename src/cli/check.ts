import { Problem } from '../core/problem.ts'
import { BOOT_FLAGS, checkBoot } from './check-boot.ts'
import { APP_FLAG, type Command } from './command.ts'

export const command: Command = {
  usage: 'dyno check [--boot] [FLAGS] [TYPE …]',
  summary: 'Says what would go wrong; with --boot, boots every process type and judges how it behaves.',
  flags: [APP_FLAG, { name: 'boot', help: 'boot the formation from a slug, behind walls' }, ...BOOT_FLAGS],
  examples: ['dyno check --boot', 'dyno check --boot --timeout 20 --junit report.xml web worker'],
  async run(typed) {
    if (!typed.flags.has('boot')) throw new Problem('usage', "Say 'dyno check --boot'.")
    return checkBoot(typed)
  },
}
