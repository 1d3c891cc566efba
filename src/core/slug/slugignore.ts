/**
 * Reads a `.slugignore` and returns whether a path (relative, with `/`) is left out by itself.
 * Roughly .gitignore, as on Heroku: no `!`. Whoever walks does not go into a folder that is left out.
 */
export function parseSlugignore(text: string): (path: string, isDirectory: boolean) => boolean {
  const rules = text.split('\n').flatMap(ruleOf)
  return (path, isDirectory) => {
    const names = path.split('/').map((name) => [...name])
    return rules.some(
      ({ onlyFolders, anchored, pattern }) =>
        (isDirectory || !onlyFolders) && fits(pattern, anchored ? names : names.slice(-1)),
    )
  }
}

/** No path is longer, so no longer pattern was meant for one. */
const LONGEST_PATH = 4096

/** What stands for any number of things, none as well; else for each thing whether it is the one that is meant. */
type Pattern<Thing> = readonly (typeof ANY_NUMBER | ((thing: Thing) => boolean))[]
const ANY_NUMBER = '*'

/** A name by its characters, which may be of two code units each. */
type Name = readonly string[]

type Rule = Readonly<{ pattern: Pattern<Name>; anchored: boolean; onlyFolders: boolean }>

function ruleOf(line: string): Rule[] {
  // As git does it: spaces at the end do not count unless a backslash holds them. What is looked for begins
  // only where a run of them does, so that a long one within a line is passed over once.
  const pattern = line.replace(/\r$/, '').replace(/(?<=^|[^\\ \t]|\\[ \t])[ \t]+$/, '')
  // A `!` line could only take back what another one said, which Heroku does not do.
  if (pattern === '' || pattern.startsWith('#') || pattern.startsWith('!')) return []
  const onlyFolders = pattern.endsWith('/')
  const body = pattern.replace(/(?<!\/)\/+$/, '')
  const path = body.replace(/^\/+/, '')
  if (path === '' || path.length > LONGEST_PATH) return []
  return [{ pattern: pathPattern(path), anchored: body.includes('/'), onlyFolders }]
}

// Each star takes as little as it can, and only the last one that was met ever takes more: what an earlier one
// would leave of the rest is less, so the time does not grow with all ways to share things between stars.
function fits<Thing>(pattern: Pattern<Thing>, things: readonly Thing[]): boolean {
  let at = 0
  let star = -1
  let afterStar = 0
  for (let i = 0; i < things.length; ) {
    const piece = pattern[at]
    if (piece === ANY_NUMBER) {
      star = at++
      afterStar = i
    } else if (piece?.(things[i]!)) {
      at++
      i++
    } else if (star >= 0) {
      at = star + 1
      i = ++afterStar
    } else return false
  }
  return pattern.slice(at).every((piece) => piece === ANY_NUMBER)
}

const TOKEN = /\*+|\[[!^]?\]?[^\]/]{0,100}\]|\\.|./gsu

function pathPattern(path: string): Pattern<Name> {
  const segments: string[][] = [[]]
  for (const [token] of path.matchAll(TOKEN)) {
    if (token === '/' || token === '\\/') segments.push([])
    else segments.at(-1)!.push(token)
  }
  return segments.flatMap((tokens, i): Pattern<Name> => {
    if (tokens.length === 1 && tokens[0] === '**')
      // At the end it is what is in a folder, and not the folder itself.
      return i + 1 < segments.length ? [ANY_NUMBER] : [() => true, ANY_NUMBER]
    const pattern = tokens.flatMap(piecesOf)
    return [(name) => fits(pattern, name)]
  })
}

function piecesOf(token: string): Pattern<string> {
  if (token.startsWith('*')) return [ANY_NUMBER]
  if (token === '?') return [() => true]
  if (token.length > 2 && token.startsWith('[')) return classOf(token)
  return literal(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token)
}

function classOf(token: string): Pattern<string> {
  const negated = token[1] === '!' || token[1] === '^'
  const inside = token.slice(negated ? 2 : 1, -1)
  // A range that runs backwards is no range: the brackets then stand for themselves.
  if (backwards(inside)) return literal(token)
  const characters = new RegExp(`^[${inside.replace(/[\\[\]^]/g, '\\$&')}]$`, 'u')
  return [(character) => characters.test(character) !== negated]
}

function backwards(inside: string): boolean {
  return [...inside.matchAll(/(.)-(.)/gsu)].some(
    ([, from, to]) => from!.codePointAt(0)! > to!.codePointAt(0)!,
  )
}

function literal(text: string): Pattern<string> {
  return [...text].map((wanted) => (character) => character === wanted)
}
