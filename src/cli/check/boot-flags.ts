import type { Flag } from '../command.ts'
import { FORMATION_FLAGS } from '../formation/start-formation.ts'

/** Flags of `dyno start` that say what its dynos run on. */
const STACK_FLAGS = ['procfile', 'env', 'env-dialect', 'slug', 'inherit-env', 'walls']

/** Flags of `dyno check --boot`. */
export const BOOT_FLAGS: readonly Flag[] = [
  {
    name: 'timeout',
    value: 'SECONDS',
    help: 'how long web has to bind its port (default 60), and any other to stay alive (default 5)',
  },
  { name: 'grace', value: 'SECONDS', help: 'how long a dyno has from SIGTERM to SIGKILL (default 30)' },
  { name: 'junit', value: 'FILE', help: 'write the judgements to this file as JUnit XML, for CI' },
  ...FORMATION_FLAGS.filter(({ name }) => STACK_FLAGS.includes(name)),
]
