import type { ParsedLine } from '../log/log.ts'
import type { DynoName } from '../name.ts'
import type { Trace } from './watched.ts'

/** What is known of the first life of a dyno that is only started to be judged; moments are in milliseconds since 1970. */
export type BootRecord = DynoName & {
  readonly port: number
  readonly startedAt?: number
  /** When it had bound `$PORT`; of any but web, when it ran. */
  readonly upAt?: number
  /** Why it could not be started. */
  readonly refusal?: string
  readonly exit?: { readonly at: number; readonly status: number }
  readonly termAt?: number
  /** The code of the error that it was killed for. */
  readonly error?: 'R12' | 'R15'
  readonly answer?: WebAnswer
  /** Ports that it listened on when its time was up and it had not bound `$PORT`. */
  readonly otherPorts?: readonly number[]
  /** The last that it said. */
  readonly lastLine?: string
  /** Where it was refused to write, by its own words. */
  readonly refused?: readonly string[]
  /** What its walls have noted; undefined where they could not. */
  readonly trace?: Trace | undefined
}

/** How a web dyno answered a request. */
export type WebAnswer =
  | { readonly is: 'status'; readonly status: number }
  | { readonly is: 'silent' | 'closed' | 'garbage' | 'refused' }

/** The record with what this line of the log tells of its dyno; after its first life it tells nothing. */
export function recorded(record: BootRecord, { source, time, message }: Omit<ParsedLine, 'ps'>): BootRecord {
  if (isOver(record)) return record
  const at = Date.parse(time)
  if (source === 'app') return said(record, message)
  const [, error] = /^Error (R12|R15) /.exec(message) ?? []
  if (error) return { ...record, error: error as 'R12' | 'R15' }
  const [, status] = /^Process exited with status (\d+)$/.exec(message) ?? []
  if (status !== undefined) return { ...record, exit: { at, status: Number(status) } }
  if (message.startsWith('Starting process with command')) return { ...record, startedAt: at }
  if (message === 'Stopping all processes with SIGTERM') return { ...record, termAt: at }
  if (message === 'State changed from starting to up') return { ...record, upAt: at }
  const isRefusal = record.startedAt !== undefined && record.upAt === undefined && !OURS.test(message)
  return isRefusal ? { ...record, refusal: message } : record
}

/** Whether its first life is over, or has never begun. */
export function isOver({ exit, refusal }: BootRecord): boolean {
  return exit !== undefined || refusal !== undefined
}

const OURS = /^(?:State changed|Stopping|Starting|Restarting|Process |Error )/

const MOST_REFUSED = 20

function said(record: BootRecord, message: string): BootRecord {
  const text = message.trim()
  if (text === '') return record
  const path = refusedPath(text)
  const refused = record.refused ?? []
  const isNew = path !== undefined && !refused.includes(path) && refused.length < MOST_REFUSED
  return { ...record, lastLine: text, ...(isNew ? { refused: [...refused, path] } : {}) }
}

const REFUSAL = /\b(?:EROFS|EACCES|EPERM)\b|read-only file ?system|permission denied|operation not permitted/i

/** Folders that are a dyno's own, or no folders at all. */
const OWN = /^\/(?:app|tmp|var\/tmp|dev|proc|sys)(?:\/|$)/

/**
 * The path outside of its own folders that a program was refused, as by its own words: programs say it in many ways,
 * but name the path and the error. A socket or a program that is not theirs to use is no write.
 */
export function refusedPath(line: string): string | undefined {
  if (!REFUSAL.test(line) || /\bconnect\b|\bexec\b|\blisten\b|cannot open directory/i.test(line))
    return undefined
  const paths = [...line.matchAll(/(?<![\w./~-])\/[^\s'"`’‘:,;()<>\]]+/g)].map(([path]) => path)
  return paths.find((path) => !OWN.test(path))
}
