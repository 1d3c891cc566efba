/** A word of a command as it is written, quotes and all, and where it begins. */
export type ShellWord = { readonly at: number; readonly text: string }

/** One command of a line: its assignments, its words, and what stands between it and the next one. */
export type SimpleCommand = {
  readonly assignments: readonly ShellWord[]
  readonly words: readonly ShellWord[]
  /** `&`, `;`, `&&`, `||`, `|`, a bracket, or '' at the end of the line. */
  readonly ends: string
  readonly endsAt: number
}

/** A shell's line taken apart, as far as one can without running it. */
export type ShellLine = {
  readonly commands: readonly SimpleCommand[]
  /** What is opened and never closed. */
  readonly unclosed: ShellWord | undefined
  /** The first thing in it that bash knows and POSIX's sh does not. */
  readonly bashOnly: ShellWord | undefined
}

type Open = { readonly text: string; readonly at: number }
type Draft = { assignments: ShellWord[]; words: ShellWord[] }

const CONTROL = /&&|\|\||\|&|;;|&>>?|<<<|[0-9]*(?:>>|>&|>\||<<|<>|<&|>|<)&?|[;&|\n()]/y
/** Nobody nests deeper, or writes more words; what does is not read any further. */
const DEEPEST = 100
const MOST_WORDS = 10_000
const CONTROL_BEGINS = new Set(';&|<>()\n0123456789')
/** Characters that nothing else begins with. */
const PLAIN_WITHIN = /[^\\"'`$<>(){}]+/y
const PLAIN = /[^\\"'`$<>&|;()# \t\n]+/y

/** Takes a line apart in one pass, whose time grows with its length and with nothing else. */
export function readShellLine(line: string): ShellLine {
  const commands: SimpleCommand[] = []
  const open: Open[] = []
  const groups: Open[] = []
  let bashOnly: ShellWord | undefined
  let draft: Draft = { assignments: [], words: [] }
  let wordAt = -1
  let words = 0
  let isTarget = false // of a redirection, which is no word of the command

  const endWord = (at: number) => {
    if (wordAt < 0) return
    words++
    const word = { at: wordAt, text: line.slice(wordAt, at) }
    wordAt = -1
    if (isTarget) isTarget = false
    else if (draft.words.length === 0 && /^[A-Za-z_]\w*\+?=/.test(word.text)) draft.assignments.push(word)
    else if (draft.words.length > 0 || !RESERVED.has(word.text)) draft.words.push(word)
    if (draft.words.at(-1) === word) bashOnly ??= bashWord(word, draft.words.length === 1)
  }
  const endCommand = (ends: string, endsAt: number) => {
    isTarget = false
    if (draft.assignments.length + draft.words.length > 0) commands.push({ ...draft, ends, endsAt })
    draft = { assignments: [], words: [] }
  }

  const isTooMuch = () => words > MOST_WORDS || open.length + groups.length >= DEEPEST
  for (let at = 0; at < line.length && !isTooMuch(); ) {
    const inside = open.at(-1)?.text
    if (inside !== undefined) {
      at = within(line, at, open)
      continue
    }
    const next = line[at]!
    if (next === '#' && wordAt < 0) break
    if (next === ' ' || next === '\t') {
      endWord(at)
      at++
      continue
    }
    const opener = openerAt(line, at)
    const isArray = opener === '(' && wordAt >= 0 && line[at - 1] === '='
    if (opener && (opener !== '(' || isArray)) {
      if (wordAt < 0) wordAt = at
      open.push({ text: opener, at })
      if (isArray || BASH_OPENERS.has(opener)) bashOnly ??= { at, text: isArray ? 'arrays' : opener }
      at += opener.length
      continue
    }
    // `2>` is a redirection, `a2>b` the word `a2` and one.
    const control =
      CONTROL_BEGINS.has(next) && !(wordAt >= 0 && next >= '0' && next <= '9')
        ? matchAt(CONTROL, line, at)
        : ''
    if (control) {
      endWord(at)
      if (BASH_CONTROLS.has(control)) bashOnly ??= { at, text: control }
      if (/[<>]/.test(control)) isTarget = true
      else endCommand(control, at)
      if (control === '(') groups.push({ text: control, at })
      if (control === ')') groups.pop()
      at += control.length
      continue
    }
    if (wordAt < 0) wordAt = at
    if (next === '\\') at += 2
    else at += matchAt(PLAIN, line, at)?.length ?? 1
  }
  if (isTooMuch()) return { commands: [], unclosed: undefined, bashOnly }
  endWord(line.length)
  endCommand('', line.length)
  return { commands, unclosed: open[0] ?? groups[0], bashOnly }
}

/** Words after which a command begins. */
const RESERVED = new Set(['!', '{', 'if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time', 'exec'])
const BASH_OPENERS = new Set(["$'", '<(', '>('])
const BASH_CONTROLS = new Set(['|&', '&>', '&>>', '<<<'])
const BASH_COMMANDS = new Set([
  '[[',
  'source',
  'function',
  'declare',
  'typeset',
  'shopt',
  'pushd',
  'popd',
  'let',
  'mapfile',
])

function bashWord({ at, text }: ShellWord, isFirst: boolean): ShellWord | undefined {
  if (isFirst && BASH_COMMANDS.has(text)) return { at, text }
  if (text === 'pipefail') return { at, text }
  if (!text.includes('{')) return undefined
  const braces = /^[^"'$\\]{0,80}\{[^{}"'$ ]{0,80}(?:,|\.\.)[^{}"'$ ]{0,80}\}/.test(text)
  if (braces) return { at, text: 'braces that are expanded' }
  const cases = /\$\{\w{1,80}(?:\^|,,|\/|:\d|@)/.exec(text)
  return cases ? { at: at + cases.index, text: cases[0] } : undefined
}

// One step within quotes, brackets or a substitution; answers with where the next one begins.
function within(line: string, at: number, open: Open[]): number {
  const inside = open.at(-1)!.text
  const next = line[at]!
  if (inside === "'") return close(line, at, open, "'")
  if (next === '\\') return at + 2
  if (inside === "$'") return close(line, at, open, "'")
  if (inside === '`') return close(line, at, open, '`')
  if (next === CLOSERS.get(inside)) {
    open.pop()
    return at + 1
  }
  const opener = openerAt(line, at)
  const isInQuotes = inside === '"' || (inside === '${' && open.at(-2)?.text === '"')
  if (opener && !(isInQuotes && /^(?:'|\$'|[<>]?\()$/.test(opener)) && !(inside === '${' && opener === '(')) {
    open.push({ text: opener, at })
    return at + opener.length
  }
  return at + (matchAt(PLAIN_WITHIN, line, at)?.length ?? 1)
}

const CLOSERS = new Map([
  ['"', '"'],
  ['$(', ')'],
  ['<(', ')'],
  ['>(', ')'],
  ['(', ')'],
  ['${', '}'],
])

// What is as it stands up to its end is passed over at once.
function close(line: string, at: number, open: Open[], end: string): number {
  const stop = end === "'" && open.at(-1)!.text === "'" ? line.indexOf(end, at) : at
  if (stop < 0) return line.length
  if (line[stop] === end) open.pop()
  return stop + 1
}

function openerAt(line: string, at: number): string | undefined {
  const first = line[at]!
  if (first === '"' || first === "'" || first === '`' || first === '(') return first
  if (first !== '$' && first !== '<' && first !== '>') return undefined
  const next = line[at + 1]
  return next === '(' || (first === '$' && (next === '{' || next === "'")) ? first + next : undefined
}

function matchAt(expression: RegExp, line: string, at: number): string | undefined {
  expression.lastIndex = at
  return expression.exec(line)?.[0]
}

/** No program and no path has a longer name. */
const LONGEST_LITERAL = 4096

/** What a word stands for where the shell has nothing to expand in it; else undefined. */
export function literalOf({ text }: ShellWord): string | undefined {
  if (text.length > LONGEST_LITERAL) return undefined
  if (/^[\w./:@%+,=-]+$/.test(text)) return text
  const parts = text.matchAll(/'([^']*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|([^'"\\$`*?[~]+)/gs)
  let value = ''
  let read = 0
  for (const match of parts) {
    if (match.index !== read) return undefined
    read += match[0].length
    value += match[1] ?? match[2]?.replace(/\\([\\"$`])/g, '$1') ?? match[3] ?? match[4]
  }
  return read === text.length ? value : undefined
}
