import type { Answer } from '../core/api/exchange.ts'
import { flagField, record, textField } from '../core/api/fields.ts'
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
  const fields = record(body ?? {}, 'The request')
  const [named, dyno, type, source] = ['dyno_name', 'dyno', 'type', 'source'].map((name) =>
    textField(fields, name),
  )
  const ps = named ?? dyno ?? type
  if ([ps, source].some((name) => name !== undefined && name.length > LONGEST_NAME))
    throw new Problem('invalid', `No name in the log has more than ${LONGEST_NAME} characters.`)
  return {
    filter: { ...(ps === undefined ? {} : { ps }), ...(source === undefined ? {} : { source }) },
    count: countOf(fields['lines'] ?? 100),
    tail: flagField(fields, 'tail'),
  }
}

function countOf(lines: unknown): number {
  if (typeof lines === 'number' && Number.isInteger(lines) && lines >= 0) return Math.min(lines, MAX_LINES)
  throw new Problem('invalid', "'lines' must be a whole number from 0.")
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
