import { literalOf, type ShellWord, type SimpleCommand } from './shell-line.ts'

/** The program a command runs, and the words it is given. */
export type Program = { readonly word: ShellWord; readonly rest: readonly ShellWord[] }

// Programs that run another one: their own flags and assignments come first.
const WRAPPERS = new Set([
  'exec',
  'command',
  'env',
  'nohup',
  'nice',
  'time',
  'setsid',
  'stdbuf',
  'dotenv',
  'unbuffer',
])

/** The program itself, behind `env`, `exec` and their like; undefined where the shell has to expand its name. */
export function programOf({ words }: SimpleCommand): Program | undefined {
  let at = 0
  while (at < words.length && (WRAPPERS.has(words[at]!.text) || (at > 0 && /^-|^\w+=/.test(words[at]!.text))))
    at++
  const word = words[at]
  return word && literalOf(word) !== undefined ? { word, rest: words.slice(at + 1) } : undefined
}

const INTERPRETERS = /^(?:node|nodejs|bun|deno|tsx|ts-node|python[\d.]*|ruby|perl|php|bash|sh|dash|zsh|java)$/
const SCRIPT = /\.(?:[cm]?[jt]sx?|py|rb|pl|php|sh|bash|jar|war)$/

/** The file that an interpreter runs: `node --inspect server.js` → `server.js`. */
export function scriptOf({ word, rest }: Program): ShellWord | undefined {
  const name = literalOf(word)!.split('/').at(-1)!
  if (!INTERPRETERS.test(name)) return undefined
  const at = rest.findIndex(({ text }) => !text.startsWith('-') && SCRIPT.test(text))
  // `python -m tool x.py` and `node -e code` run something else; `-r x.js` and its like load a file before it.
  const before = rest.slice(0, Math.max(at, 0)).map(({ text }) => text)
  if (at < 0 || before.some((text) => /^(?:-m|-c|-e|-cp|-classpath|--eval|--module)$/.test(text)))
    return undefined
  const loads = /^(?:-r|-I|--require|--import|--loader|--env-file|--config)$/
  const next = loads.test(before.at(-1) ?? '')
    ? rest.slice(at + 1).find(({ text }) => SCRIPT.test(text))
    : rest[at]
  return next
}
