/** The type every one-off belongs to; no process type of a Procfile may have this name. */
export const ONE_OFF = 'run'

/** The type whose command is run for every new release. */
export const RELEASE = 'release'

/** The one type that is sent web requests, and so must bind its port. */
export const WEB = 'web'

/** A dyno's name taken apart: `web.2` is type `web`, number 2. */
export type DynoName = { readonly type: string; readonly number: number }

/** `run` and 1 make `run.1`. */
export function dynoName(type: string, number: number): string {
  return `${type}.${number}`
}

/** Takes `web.2` apart; undefined when the text is not the name of a dyno. */
export function parseDynoName(text: string): DynoName | undefined {
  const match = /^([\w-]{1,128})\.([1-9]\d{0,8})$/.exec(text)
  return match ? { type: match[1]!, number: Number(match[2]) } : undefined
}

/** Orders names as `ps` lists them: by type, then by number. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [parseDynoName(a), parseDynoName(b)]
  if (!left || !right || left.type !== right.type) return a < b ? -1 : a > b ? 1 : 0
  return left.number - right.number
}
