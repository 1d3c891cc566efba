import { APP_FLAG, type Command, type Typed } from './command.ts'

export const command: Command = {
  usage: 'dyno check [FLAGS] [DIR|FILE …]',
  summary: 'Finds what is wrong with a Procfile, .env and what lies beside them, before Heroku does.',
  words: [['files']],
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
    { name: 'explain', value: 'RULE', words: [], help: 'what a rule is about, with examples' },
    { name: 'rules', help: 'all rules, a line each' },
  ],
  examples: [
    'dyno check',
    'dyno check --strict Procfile Procfile.dev',
    'dyno check --fix',
    'dyno check --explain no-blank-after-colon',
  ],
  async run(typed: Typed) {
    // Rules are many words, which no other command needs.
    return (await import('./check-findings.ts')).checkFindings(typed)
  },
}
