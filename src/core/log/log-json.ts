import { parseLogLine } from './log.ts'

/** A line as one JSON object; one that is none of Logplex's has a message only. */
export function jsonLine(line: string): string {
  const parsed = parseLogLine(line)
  const json = parsed
    ? { time: parsed.time, source: parsed.source, dyno: parsed.ps, message: parsed.message }
    : { message: line }
  // JSON escapes what a terminal might obey, but for these.
  return JSON.stringify(json).replace(/[\u007f-\u009f]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`)
}
