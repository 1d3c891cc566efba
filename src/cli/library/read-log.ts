import { Readable } from 'node:stream'
import { missedLine, parseLogLine, passesFilter, textLines } from '../../core/log/log.ts'
import { findStart } from '../../edge/logs/find-line.ts'
import { followLog } from '../../edge/logs/follow-log.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import type { Place } from '../place.ts'
import type { LogLine, LogOptions } from './library-types.ts'

/** How many lines wait for whoever iterates before reading stops. */
const WAITING = 256

/** The newest lines of the app's log, and those that come after them, for whoever iterates: as slowly as they like. */
export function readLog(place: Place, options: LogOptions = {}): AsyncIterable<LogLine> {
  const { dyno, source, lines: count = 100, follow = false } = options
  const filter = { ...(dyno !== undefined && { ps: dyno }), ...(source !== undefined && { source }) }
  const passes = (line: string) => passesFilter(line, filter)
  const over = new AbortController()
  const stop = () => over.abort()
  if (!follow || options.signal?.aborted) stop()
  options.signal?.addEventListener('abort', stop, { once: true })

  let goOn = () => {}
  const lines = new Readable({
    objectMode: true,
    highWaterMark: WAITING,
    read: () => goOn(),
    destroy(error, done) {
      options.signal?.removeEventListener('abort', stop)
      stop()
      goOn()
      done(error)
    },
  })
  const push = async (text: string): Promise<void> => {
    const line = lineOf(text)
    if (lines.destroyed || !line || lines.push(line)) return
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  }
  const reader = {
    async lines(bytes: Uint8Array) {
      for (const each of textLines(bytes)) if (passes(each)) await push(each)
    },
    missed: (count: number, since: number) => push(missedLine(count, { since, now: Date.now() })),
  }
  const folder = logFolder(place.state)
  followLog(folder, findStart(folder, { count, passes }), { reader, signal: over.signal }).then(
    () => lines.push(null),
    (error) => lines.destroy(error),
  )
  return lines
}

function lineOf(text: string): LogLine | undefined {
  const parsed = parseLogLine(text)
  return parsed && { time: parsed.time, source: parsed.source, dyno: parsed.ps, message: parsed.message }
}
