import type { Answer, Request } from '../../core/api/exchange.ts'
import { parseLogLine } from '../../core/log/log.ts'
import type { Neighbour } from '../edges.ts'

/** As many lines of the log as there are to look through. */
const LINES = 1500

/** What the command of a release has said, as far as the log still has it: text, a line each. */
export async function releaseOutput(neighbour: Neighbour, dyno: string, request: Request): Promise<Answer> {
  const path = `/apps/${neighbour.app.name}/log-sessions`
  const body = { dyno, source: 'app', lines: LINES, tail: false }
  const session = await neighbour.ask({ ...request, method: 'POST', path, body })
  if (!('status' in session) || session.status >= 400) return session
  const { logplex_url: log } = session.body as { readonly logplex_url: string }
  const lines = await neighbour.ask({ ...request, method: 'GET', path: log, body: null })
  if (!('follow' in lines)) return lines
  return { bytes: textOf(lines.follow), type: 'text/plain; charset=utf-8' }
}

async function* textOf(follow: Follow): AsyncIterable<Uint8Array> {
  const said: string[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const stop = follow((lines) => void said.push(...lines), end)
  try {
    await ended
  } finally {
    stop()
  }
  yield new TextEncoder().encode(said.map((line) => `${parseLogLine(line)?.message ?? line}\n`).join(''))
}

type Follow = Extract<Answer, { follow: unknown }>['follow']
