/** A value with its references replaced. */
export type Expansion = {
  readonly value: string
  /** Names that were asked for, are not set and have no default: they became empty. */
  readonly unset: readonly string[]
  /** There is a `${` in it that is neither `${NAME}` nor `${NAME:-default}`: it stays as written. */
  readonly odd: boolean
}

/** How a text is expanded: with escapes (`\n` and its like), also `$NAME` without braces, and where names are looked up. */
export type ExpansionRules = {
  readonly escapes: boolean
  readonly bare: boolean
  readonly look: (name: string) => string | undefined
}

// What has been read since a `${NAME:-` that is still open, and how many names were unset before it.
type Open = { readonly name: string; readonly unsetBefore: number; text: string }

/** Replaces `${NAME}` and `${NAME:-default}`, in defaults too, in one pass: values are never read again or run. */
export function expand(text: string, rules: ExpansionRules): Expansion {
  // Most values have no reference that ends, and are what they are.
  if (!rules.escapes && !rules.bare && !text.includes('}'))
    return { value: text, unset: [], odd: text.includes('${') }
  const open: Open[] = [{ name: '', unsetBefore: 0, text: '' }]
  const unset: string[] = []
  let odd = false
  let from = 0
  for (const match of text.matchAll(TOKENS[`${rules.escapes}-${rules.bare}`])) {
    const innermost = open.at(-1)!
    const [token, name, end] = [match[0], match[1] ?? match[3], match[2] ?? '}']
    innermost.text += text.slice(from, match.index)
    from = match.index + token.length
    if (token.startsWith('\\')) innermost.text += unescaped(token)
    else if (name !== undefined && end === '}') {
      const value = rules.look(name)
      if (value === undefined) unset.push(name)
      innermost.text += value ?? ''
    } else if (name !== undefined) open.push({ name, unsetBefore: unset.length, text: '' })
    else if (token === '}' && open.length > 1) close(open, unset, rules.look)
    else {
      innermost.text += token
      odd ||= token === '${'
    }
  }
  open.at(-1)!.text += text.slice(from)
  const unclosed = open.slice(1).map((part) => `\${${part.name}:-${part.text}`)
  return { value: open[0]!.text + unclosed.join(''), unset, odd: odd || unclosed.length > 0 }
}

// What is not listed is text, in both dialects: `$1`, `$(…)`, and `$$` whatever follows.
const TOKENS = {
  'false-false': /\$\{([A-Za-z_]\w*)(\}|:-)|\$\{|\}/g,
  'true-false': /\\.|\$\{([A-Za-z_]\w*)(\}|:-)|\$\{|\}/gs,
  'false-true': /\$\$|\$\{([A-Za-z_]\w*)(\}|:-)|\$\{|\}|\$([A-Za-z_]\w*)/g,
  'true-true': /\\.|\$\$|\$\{([A-Za-z_]\w*)(\}|:-)|\$\{|\}|\$([A-Za-z_]\w*)/gs,
} as const

// A back-slash before anything else stays, as in the shell: "\d" is a pattern more often than a slip.
function unescaped(pair: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
  const character = pair.slice(1)
  return named[character] ?? ('"\\$`'.includes(character) ? character : pair)
}

// As in the shell, `:-` means unset or empty; what an unused default asked for is not missed.
function close(open: Open[], unset: string[], look: ExpansionRules['look']): void {
  const inner = open.pop()!
  const value = look(inner.name)
  open.at(-1)!.text += value || inner.text
  if (value) unset.length = inner.unsetBefore
}
