import { Problem } from '../../core/problem.ts'
import { APP_FLAG, COLOUR_FLAG, type Command, type Typed } from '../command.ts'
import { BOOT_FLAGS } from './boot-flags.ts'

export const command: Command = {
  usage: 'dyno check [FLAGS] [DIR|FILE …] | dyno check --boot [FLAGS] [TYPE …]',
  summary: 'Finds what is wrong with a Procfile, .env and what lies beside them, before Heroku does.',
  words: [['files', 'types']],
  flags: [
    APP_FLAG,
    { name: 'strict', help: 'warnings are errors, too' },
    {
      name: 'explain-readers',
      help: 'what Heroku, heroku local, foreman and overmind make of each line found',
    },
    { name: 'fix', help: 'repair what is safe (CRLF, byte-order mark, blanks), and show the changes' },
    { name: 'watch', help: 'check again at every save, until Ctrl-C' },
    { name: 'json', help: 'findings as JSON' },
    { name: 'sarif', help: 'findings as SARIF 2.1.0, for code hosts and editors' },
    { name: 'github', help: 'findings as annotations of GitHub Actions' },
    COLOUR_FLAG,
    { name: 'explain', value: 'RULE', words: [], help: 'what a rule is about, with examples' },
    { name: 'rules', help: 'all rules, a line each' },
    { name: 'boot', help: 'boot every process type from a slug, behind walls, and judge how it behaves' },
    ...BOOT_FLAGS,
  ],
  examples: [
    'dyno check',
    'dyno check --strict Procfile Procfile.dev',
    'dyno check --fix',
    'dyno check --explain no-blank-after-colon',
    'dyno check --boot --timeout 20 --junit report.xml web worker',
  ],
  async run(typed: Typed) {
    checkTogether(typed.flags)
    // Rules are many words, and a boot is much else, which no other command needs.
    if (typed.flags.has('boot')) return (await import('./check-boot.ts')).checkBoot(typed)
    return (await import('./check-findings.ts')).checkFindings(typed)
  },
}

function checkTogether(flags: Typed['flags']): void {
  const ofBoot = ['boot', ...BOOT_FLAGS.map(({ name }) => name)]
  const isBoot = flags.has('boot')
  const odd = [...flags.keys()].find((name) => name !== 'app' && ofBoot.includes(name) !== isBoot)
  if (odd === undefined) return
  const sentence = isBoot
    ? `--${odd} does not go with --boot; leave one of them out.`
    : `--${odd} goes with --boot; add that, or leave --${odd} out.`
  throw new Problem('usage', sentence)
}
