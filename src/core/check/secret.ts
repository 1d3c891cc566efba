import { charactersIn } from '../note.ts'

/** A part of a text, from an index up to another. */
export type Span = { readonly from: number; readonly to: number }

// Every repetition has a limit: a line of a million characters takes no longer than it is long.
const KNOWN =
  /\b(?:AKIA[0-9A-Z]{16}|gh[opsur]_\w{36}|github_pat_\w{22,255}|glpat-[\w-]{20,64}|xox[abprs]-[\w-]{10,80}|[rs]k_live_\w{16,99}|SG\.[\w-]{16,32}\.[\w-]{16,64}|AIza[\w-]{35}|npm_\w{36}|HRKU-[\w-]{20,80})|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/g
const IN_URL = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,100}:([^\s@/$]{3,200})@/g
const SECRET_WORDS =
  'SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|ENCRYPTION_?KEY'
const ASSIGNED = new RegExp(
  `(?<![A-Za-z_])[A-Za-z_]{0,60}(?:${SECRET_WORDS})\\w{0,60}=["']?([^\\s"'$]{6,200})`,
  'gi',
)
const BY_FLAG = new RegExp(
  `(?<![\\w-])--[a-z-]{0,30}(?:${SECRET_WORDS.replaceAll('_?', '-?')})[= ]["']?([^-\\s"'$][^\\s"'$]{5,200})`,
  'gi',
)
const NAMES_SECRET = new RegExp(
  `${SECRET_WORDS}|_KEY$|^KEY$|PASS$|_PWD$|_JWT$|CREDENTIAL|_URL$|_URI$|_DSN$`,
  'i',
)

// What people write in the place of a secret, and what names a file.
const PLACEHOLDER =
  /^(?:change|your|example|dummy|test|secret|password|replace|todo|none|null|true|false|<|\*|x{3}|\.{0,2}\/)/i

/** What looks like a secret in a command, in its order. */
export function findSecrets(text: string): Span[] {
  const known = [...text.matchAll(KNOWN)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }))
  const valued = [IN_URL, ASSIGNED, BY_FLAG].flatMap((expression) =>
    [...text.matchAll(expression)].flatMap((match) => {
      if (PLACEHOLDER.test(match[1]!) || isNamed(match[0], match[1]!)) return []
      const from = match.index + match[0].lastIndexOf(match[1]!)
      return [{ from, to: from + match[1]!.length }]
    }),
  )
  return [...known, ...valued].sort((a, b) => a.from - b.from)
}

// `--cluster-token my-cluster-1` names something; of a token that is secret nobody could say it aloud.
function isNamed(whole: string, value: string): boolean {
  return /TOKEN|KEY/i.test(whole) && !/PASS|SECRET/i.test(whole) && value.replace(/\D/g, '').length < 2
}

/** Whether a variable of this name most likely holds a secret. */
export function namesSecret(name: string): boolean {
  return NAMES_SECRET.test(name)
}

/** A text in which what looks like a secret shows its shape only. */
export function maskSecrets(text: string): string {
  return maskSpans(text, findSecrets(text))
}

/** A text whose secrets show their shape only: `sk_live_4eC` → `••_••••_•••`. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  let shown = ''
  let at = 0
  for (const { from, to } of spans) {
    if (to <= at) continue
    shown += text.slice(at, Math.max(at, from)) + maskShape(text.slice(Math.max(at, from), to))
    at = to
  }
  return shown + text.slice(at)
}

const LONGEST_SHAPE = 10_000

/** Letters and digits become dots; what else is in it, and its length, can be talked about. Of a very long one all do. */
export function maskShape(text: string): string {
  if (text.length > LONGEST_SHAPE) return '•'.repeat(charactersIn(text))
  return text.replace(/[\p{L}\p{N}]/gu, '•')
}
