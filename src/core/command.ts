// The grammar of `heroku run`: one argument is a shell line, several are words that arrive as they were
// typed. As on Heroku the dyno's own shell still expands `$`, back-quotes, globs and `~` in words without blanks.

/** Words that are nothing but shell syntax (`&&`, `|`, `2>&1`): whoever quotes them wants them to work there. */
const OPERATOR = /^(?:[;&|()]{1,2}|\d*(?:>>?|<<?<?)(?:&(?:\d+|-))?|&>>?)$/

/** The shell line for the words after `dyno run`: one word is the line itself. */
export function commandLine(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : words.map(quoteWord).join(' ')
}

function quoteWord(word: string): string {
  if (word === '') return '""'
  if (OPERATOR.test(word)) return word
  if (/[\s"]/.test(word)) return `"${word.replace(/[\\"]/g, '\\$&')}"`
  const special = word.includes('$(') ? /[\\']/g : /[\\';&|<>()]/g
  return word.replace(special, '\\$&').replace(/^#/, '\\#')
}

/** Puts the process type's own command in place of a first word that names one: `worker 42` → `node worker.js 42`. */
export function resolveCommand(line: string, types: ReadonlyMap<string, string>): string {
  const [first] = /\S+/.exec(line) ?? ['']
  const command = types.get(first)
  return command === undefined ? line : command + line.slice(line.indexOf(first) + first.length)
}

/** The line with `$PORT` filled in, as Heroku's log shows it; what runs is the line as written. */
export function withPort(line: string, port: number): string {
  return line.replace(/\$(?:PORT\b|\{PORT\})/g, String(port))
}
