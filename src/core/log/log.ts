/** One line of the log, still in parts. `at` is in milliseconds since 1970, with fractions. */
export type LogLine = {
  readonly at: number
  readonly source: 'app' | 'heroku'
  /** A dyno's name, `api` or `router`. */
  readonly ps: string
  readonly message: string
}

/** Whole lines on their way to the log, line ends included. Each character of `text` is a byte: output is not ours to decode. */
export type LogLines = { readonly text: string; readonly count: number }

/** What a dyno has begun to say on a line and not ended: a prompt. */
export type Unfinished = { readonly at: number; readonly ps: string; readonly message: string }

/** Which lines are wanted; `ps` is a dyno, or a type with all of its dynos. */
export type LogFilter = { readonly ps?: string; readonly source?: string }

/** A line taken apart; undefined when it is none of Logplex's. */
export type ParsedLine = {
  readonly time: string
  readonly source: string
  readonly ps: string
  readonly message: string
}

/** A line `app[api]: …`. */
export function apiLine(message: string): Omit<LogLine, 'at'> {
  return { source: 'app', ps: 'api', message }
}

/** What stands before a line's message: `2026-11-23T22:59:42.000123+00:00 app[web.1]: `. */
export function linePrefix({ at, source, ps }: Omit<LogLine, 'message'>): string {
  return `${logStamp(at)} ${source}[${ps}]: `
}

/** The line as Logplex writes it: `2026-11-23T22:59:42.000123+00:00 app[web.1]: hello`. */
export function formatLogLine(line: LogLine): string {
  return linePrefix(line) + line.message
}

/** A moment as Logplex writes it: microseconds in UTC, with the offset spelled out. */
export function logStamp(at: number): string {
  const whole = Math.floor(at)
  const micros = Math.floor((at - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}+00:00`
}

export function parseLogLine(text: string): ParsedLine | undefined {
  const match = /^(\S+) (\w+)\[([^\]]*)\]: ?/.exec(text)
  if (!match) return undefined
  const [whole, time, source, ps] = match as unknown as [string, string, string, string]
  return { time, source, ps, message: text.slice(whole.length) }
}

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

/** The lines that these bytes are in UTF-8; they end in the end of a line. The bytes may change afterwards. */
export function textLines(bytes: Uint8Array): string[] {
  return DECODER.decode(bytes).slice(0, -1).split('\n')
}

/** Whether a formatted line passes the filter. */
export function passesFilter(text: string, filter: LogFilter): boolean {
  if (filter.ps === undefined && filter.source === undefined) return true
  const match = /^\S+ (\w+)\[([^\]]*)\]:/.exec(text)
  if (!match) return false
  const [, source, ps] = match as unknown as [string, string, string]
  if (filter.source !== undefined && filter.source !== source) return false
  return filter.ps === undefined || ps === filter.ps || ps.startsWith(`${filter.ps}.`)
}

/** What a reader is told that was too slow: how many lines it was not shown, since when. */
export function missedLine(count: number, { since, now }: { since: number; now: number }): string {
  const message = `Error L11 (Tail buffer overflow) -> This tail session dropped ${count} messages since ${logStamp(since)}`
  return formatLogLine({ at: now, source: 'heroku', ps: 'logplex', message })
}
