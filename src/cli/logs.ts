import type { LogQuery } from '../core/log.ts'
import { Problem } from '../core/problem.ts'
import { listenFor } from '../edge/dial-manifold.ts'
import { APP_FLAG, type Command, type Typed } from './command.ts'
import { order } from './dial.ts'
import { findPlace, type Place } from './place.ts'

export const command: Command = {
  usage: 'dyno logs [-p DYNO] [-n LINES] [-t]',
  summary: "Shows the app's log, of dynos that ended as well.",
  flags: [
    APP_FLAG,
    { name: 'ps', short: 'p', value: 'DYNO', help: 'lines of this dyno or process type only: run.2, web' },
    { name: 'source', short: 's', value: 'SOURCE', help: "lines from this source only: 'app' or 'heroku'" },
    { name: 'num', short: 'n', value: 'LINES', help: 'how many lines (default 100)' },
    { name: 'tail', short: 't', help: 'go on with new lines until Ctrl-C' },
  ],
  examples: ['dyno logs -p run.2', 'dyno logs -t'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const query = queryOf(flags)
    process.stdout.on('error', () => process.exit(0)) // the reader has seen enough
    const print = (line: string) => void process.stdout.write(`${line}\n`)
    if (flags.has('tail')) await followLog(place, query, print)
    else (await recentLines(place, query)).forEach(print)
    return 0
  },
}

function queryOf(flags: Typed['flags']): LogQuery {
  const num = flags.get('num') ?? '100'
  if (!/^\d{1,9}$/.test(num)) throw new Problem('usage', `-n takes a number of lines, not '${num}'.`)
  const [ps, source] = [flags.get('ps'), flags.get('source')]
  return { count: Number(num), ...(ps ? { ps } : {}), ...(source ? { source } : {}) }
}

// Every line is in the file before anybody is shown it, so the past needs no manifold.
async function recentLines(place: Place, query: LogQuery): Promise<string[]> {
  const { readLog } = await import('../edge/read-log.ts')
  return readLog(place.state, query)
}

async function followLog(
  place: Place,
  { count, ps, source }: LogQuery,
  print: (line: string) => void,
): Promise<void> {
  const body = { lines: count, tail: true, ...(ps ? { dyno: ps } : {}), ...(source ? { source } : {}) }
  const call = { method: 'POST', path: `/apps/${place.app.name}/log-sessions`, body }
  const { body: session } = await order(place, call)
  const path = (session as { logplex_url: string }).logplex_url
  await listenFor(place.socket, { method: 'GET', path }, print)
}
