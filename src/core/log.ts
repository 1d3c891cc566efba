/** One line of the log, still in parts. `at` is in milliseconds since 1970, with fractions. */
export type LogLine = {
  readonly at: number
  readonly source: 'app' | 'heroku'
  /** A dyno's name, `api` or `router`. */
  readonly ps: string
  readonly message: string
}

/** Which lines of the log are wanted; `count` is of lines that pass the filter. */
export type LogQuery = { readonly ps?: string; readonly source?: string; readonly count: number }

/** The line as Logplex writes it: `2026-11-23T22:59:42.000123+00:00 app[web.1]: hello`. */
export function formatLogLine(line: LogLine): string {
  return `${stamp(line.at)} ${line.source}[${line.ps}]: ${line.message}`
}

/** Whether a formatted line passes the query: `ps` is a dyno or a type with all of its dynos. */
export function passesFilter(text: string, query: Omit<LogQuery, 'count'>): boolean {
  if (query.ps === undefined && query.source === undefined) return true
  const match = /^\S+ (\w+)\[([^\]]*)\]:/.exec(text)
  if (!match) return false
  const [, source, ps] = match as unknown as [string, string, string]
  if (query.source !== undefined && query.source !== source) return false
  return query.ps === undefined || ps === query.ps || ps.startsWith(`${query.ps}.`)
}

/** The last `count` lines that pass the query, oldest first. */
export function selectLines(lines: readonly string[], query: LogQuery): string[] {
  const chosen: string[] = []
  for (let i = lines.length - 1; i >= 0 && chosen.length < query.count; i--) {
    if (passesFilter(lines[i]!, query)) chosen.push(lines[i]!)
  }
  return chosen.reverse()
}

// Logplex writes microseconds in UTC, with the offset spelled out.
function stamp(at: number): string {
  const whole = Math.floor(at)
  const micros = Math.floor((at - whole) * 1000)
  return `${new Date(whole).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}+00:00`
}
