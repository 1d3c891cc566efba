import { type LogFilter, logStamp, passesFilter } from '../../core/log/log.ts'
import { sinceMoment } from '../../core/log/since.ts'
import { Problem } from '../../core/problem.ts'
import { findStart } from '../../edge/logs/find-line.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import { APP_FLAG, COLOUR_FLAG, type Command, type Flag, type Typed } from '../command.ts'
import { countOf } from '../flag-numbers.ts'
import { wantsColours } from '../our-terminal.ts'
import { findPlace, makeFolders, type Place } from '../place.ts'
import { hasLostOutput } from '../print.ts'
import { type LogView, showLog } from './show-log.ts'

type Flags = Typed['flags']

/** Whose lines there are. */
const LOGGED: Flag['words'] = ['dynos', 'formation-types', { oneOf: ['router'] }]

export const command: Command = {
  usage: 'dyno logs [-p DYNO] [-n LINES] [-t]',
  summary: "Shows the app's log, of dynos that ended as well.",
  flags: [
    APP_FLAG,
    {
      name: 'process-type',
      short: 'p',
      value: 'DYNO',
      words: LOGGED,
      help: 'lines of this dyno or process type only: run.2, web',
    },
    { name: 'dyno-name', short: 'd', value: 'DYNO', words: LOGGED, help: 'the same' },
    { name: 'ps', value: 'DYNO', words: LOGGED, help: 'the same' },
    { name: 'dyno', value: 'DYNO', words: LOGGED, help: 'the same' },
    {
      name: 'source',
      short: 's',
      value: 'SOURCE',
      words: [{ oneOf: ['app', 'heroku'] }],
      help: "lines from this source only: 'app' or 'heroku'",
    },
    { name: 'num', short: 'n', value: 'LINES', help: 'how many lines (default 100; with --since all)' },
    { name: 'since', value: 'TIME', help: 'lines since then only: 10m, 2h, 2026-11-23T22:59:42Z' },
    { name: 'heroku-order', help: "count the lines before -p and -s choose among them, as Heroku's do" },
    { name: 'tail', short: 't', help: 'go on with new lines until Ctrl-C' },
    { name: 'json', help: 'a JSON object per line: time, source, dyno, message' },
    COLOUR_FLAG,
  ],
  examples: ['dyno logs -p run.2', 'dyno logs -t', 'dyno logs -s app --since 10m --json'],
  async run({ flags }) {
    const filter = filterOf(flags)
    const wanted = wantedOf(flags, filter)
    const place = findPlace(flags.get('app'), { anywhere: true })
    makeFolders(place)
    const from = findStart(logFolder(place.state), wanted)
    await showLogOf(place, flags, { from, filter })
    return 0
  },
}

/** Shows the app's log from there as these flags say: as far as it goes, or with `--tail` until Ctrl-C. */
export async function showLogOf(
  place: Place,
  flags: Flags,
  { from, filter }: Pick<LogView, 'from' | 'filter'>,
): Promise<void> {
  const { stdout } = process
  stdout.on('error', () => process.exit(hasLostOutput() ? 1 : 0)) // else the reader has seen enough
  const folder = logFolder(place.state)
  const colours = wantsColours(flags, stdout)
  const signal = flags.has('tail') ? new AbortController().signal : AbortSignal.abort()
  await showLog({ folder, from, filter, json: flags.has('json'), colours, stdout }, signal)
}

/** Flags that say whose lines are shown, as Heroku's CLI has called them. */
const NAMES = ['process-type', 'ps', 'dyno-name', 'dyno']

function filterOf(flags: Flags): LogFilter {
  const ps = NAMES.map((name) => flags.get(name)).find((name) => name !== undefined)
  const source = flags.get('source')
  if (ps !== undefined && !/^[\w-]+(?:\.\d+)?$/.test(ps)) {
    throw new Problem('usage', `-p takes a dyno or a process type, such as web.1 or web, not '${ps}'.`)
  }
  if (source !== undefined && source !== 'app' && source !== 'heroku') {
    throw new Problem('usage', `-s takes 'app' or 'heroku', not '${source}'.`)
  }
  return { ...(ps !== undefined && { ps }), ...(source !== undefined && { source }) }
}

function wantedOf(flags: Flags, filter: LogFilter) {
  const since = flags.get('since')
  const otherwise = since === undefined ? 100 : Number.POSITIVE_INFINITY
  const isFiltered = filter.ps !== undefined || filter.source !== undefined
  return {
    count: countOf(flags, 'num', { of: 'lines', typed: '-n' }) ?? otherwise,
    since: since === undefined ? undefined : logStamp(sinceMoment(since, Date.now())),
    passes:
      isFiltered && !flags.has('heroku-order') ? (line: string) => passesFilter(line, filter) : undefined,
  }
}
