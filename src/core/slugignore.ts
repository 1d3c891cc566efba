/**
 * Reads a `.slugignore` and returns whether a path (relative, with `/`) is left out by itself.
 * Roughly .gitignore, as on Heroku: no `!`. Whoever walks does not go into a folder that is left out.
 */
export function parseSlugignore(text: string): (path: string, isDirectory: boolean) => boolean {
  const rules = text.split('\n').flatMap(ruleOf)
  return (path, isDirectory) =>
    rules.some((rule) => (isDirectory || !rule.onlyFolders) && rule.expression.test(path))
}

/** No path is longer, so no longer pattern was meant for one. */
const LONGEST_PATH = 4096

type Rule = Readonly<{ expression: RegExp; onlyFolders: boolean }>

function ruleOf(line: string): Rule[] {
  // As git does it: spaces at the end do not count unless a backslash holds them.
  const pattern = line.replace(/\r$/, '').replace(/(?<!\\)[ \t]+$/, '')
  // A `!` line could only take back what another one said, which Heroku does not do.
  if (pattern === '' || pattern.startsWith('#') || pattern.startsWith('!')) return []
  const onlyFolders = pattern.endsWith('/')
  const body = pattern.replace(/\/+$/, '')
  const anchored = body.includes('/')
  const path = body.replace(/^\/+/, '')
  if (path === '' || path.length > LONGEST_PATH) return []
  return [
    { expression: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${expressionOf(path)}$`, 's'), onlyFolders },
  ]
}

const TOKEN = /^\*\*\/|\/\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?[^\]/]{0,100}\]|\\.|./gsu

function expressionOf(path: string): string {
  return path.replace(TOKEN, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '/**/') return '/(?:.*/)?'
    if (token === '/**') return '/.+'
    if (token.startsWith('*')) return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.length > 2 && token.startsWith('[')) return classOf(token)
    return literal(token.length === 2 && token.startsWith('\\') ? token.slice(1) : token)
  })
}

function classOf(token: string): string {
  const negated = token[1] === '!' || token[1] === '^'
  const inside = token.slice(negated ? 2 : 1, -1)
  // A range that runs backwards is no range: the brackets then stand for themselves.
  if (backwards(inside)) return literal(token)
  return `${negated ? '(?!/)[^' : '['}${inside.replace(/[\\[\]^]/g, '\\$&')}]`
}

function backwards(inside: string): boolean {
  return [...inside.matchAll(/(.)-(.)/gsu)].some(([, from, to]) => from! > to!)
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
