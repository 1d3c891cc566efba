import type { ServerResponse } from 'node:http'
import type { Answer } from '../../core/api/exchange.ts'
import { missedLine } from '../../core/log/log.ts'

/** A log reader this far behind, in bytes, misses lines rather than slow a dyno. */
const MAX_BACKLOG = 1024 * 1024

/** Server-sent events, an id and a line each, as Logplex streams them. */
export function streamLines(
  response: ServerResponse,
  follow: Extract<Answer, { follow: unknown }>['follow'],
): void {
  let id = 0
  let missed = 0
  let since = 0
  const event = (line: string) => `id: ${++id}\ndata: ${line}\n\n`
  const tellMissed = () => {
    if (missed > 0) response.write(event(missedLine(missed, { since, now: Date.now() })))
    missed = 0
  }
  const { socket } = response.req
  if (socket.destroyed) return // nobody is left to read it
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  const stop = follow(
    (lines) => {
      if (response.writableLength <= MAX_BACKLOG) {
        tellMissed()
        response.write(lines.map(event).join(''))
        return
      }
      if (missed === 0) since = Date.now()
      missed += lines.length
    },
    () => {
      tellMissed()
      response.end()
    },
  )
  let hasLeft = false
  const leave = () => {
    socket.off('close', leave)
    if (!hasLeft) stop()
    hasLeft = true
  }
  response.on('drain', tellMissed)
  response.once('close', leave)
  // One that waits for an earlier answer on its connection is never told of its end.
  socket.once('close', leave)
}
