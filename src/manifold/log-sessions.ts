import type { Answer } from '../core/api/exchange.ts'
import { record } from '../core/api/fields.ts'
import { type LogFilter, passesFilter } from '../core/log/log.ts'
import { Problem } from '../core/problem.ts'
import type { OpenManifold } from './open.ts'

/** Log sessions of the Platform API: one is asked for, and then read once. */
export type LogSessions = {
  /** The body of a request; answers with the path under which the session is read. */
  create(body: unknown, id: string): string
  /** Throws a Problem when there is no such session. */
  read(id: string): Answer
}

/** No more wait to be read than these: the oldest makes room. */
const MOST = 1000

type LogQuery = { readonly filter: LogFilter; readonly count: number; readonly tail: boolean }

type Follow = Extract<Answer, { follow: unknown }>['follow']

export function openLogSessions(manifold: Pick<OpenManifold, 'lease' | 'logplex'>): LogSessions {
  const sessions = new Map<string, LogQuery>()
  return {
    create(body, id) {
      sessions.set(id, logQuery(body))
      if (sessions.size > MOST) sessions.delete(sessions.keys().next().value!)
      return `/logs/${id}`
    },
    read(id) {
      const query = sessions.get(id)
      if (!query) throw new Problem('not-found', 'That log session is over; ask for a new one.')
      sessions.delete(id)
      return { follow: followLog(manifold, query) }
    },
  }
}

function logQuery(body: unknown): LogQuery {
  const { dyno, dyno_name, type, source, lines, tail } = record(body ?? {}, 'The request')
  const ps = dyno_name ?? dyno ?? type
  if ([ps, source].some((name) => typeof name === 'string' && name.length > LONGEST_NAME))
    throw new Problem('invalid', `No name in the log has more than ${LONGEST_NAME} characters.`)
  return {
    filter: {
      ...(typeof ps === 'string' ? { ps } : {}),
      ...(typeof source === 'string' ? { source } : {}),
    },
    count: typeof lines === 'number' && lines >= 0 ? Math.min(Math.floor(lines), MAX_LINES) : 100,
    tail: tail === true,
  }
}

/** In characters; what waits to be read must not be long. */
const LONGEST_NAME = 256

/** Heroku keeps so many lines. */
const MAX_LINES = 1500

// First what there is, then what comes. Heroku counts the lines before it filters them.
function followLog({ lease, logplex }: Pick<OpenManifold, 'lease' | 'logplex'>, query: LogQuery): Follow {
  return (write, end) => {
    const release = lease()
    const recent = logplex.recent(query.count).filter((line) => passesFilter(line, query.filter))
    if (recent.length > 0) write(recent)
    const unfollow = query.tail ? logplex.follow(query.filter, write) : undefined
    if (!query.tail) end()
    return () => {
      unfollow?.()
      release()
    }
  }
}
