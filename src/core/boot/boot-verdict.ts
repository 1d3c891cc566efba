import { dynoName, WEB } from '../name.ts'
import { cut, safeText } from '../safe-text.ts'
import { type BootRecord, isOver } from './boot-record.ts'

/** What is judged of a dyno, in this order. */
export type Criterion =
  | 'starts'
  | 'binds $PORT'
  | 'stays up'
  | 'answers HTTP'
  | 'ends on SIGTERM'
  | 'leaves no process'
  | 'writes only to /app and /tmp'

/** One judgement, with its reason; skipped is what could not be judged. */
export type Judgement = {
  readonly criterion: Criterion
  readonly verdict: 'good' | 'bad' | 'skipped'
  readonly why: string
  /** How long it took. */
  readonly seconds: number
}

/** What is to be said of a dyno. */
export type DynoVerdict = {
  readonly type: string
  readonly dyno: string
  readonly verdict: 'good' | 'bad'
  readonly judgements: readonly Judgement[]
}

/** How long a dyno was waited for, in milliseconds. */
export type BootLimits = {
  /** For web to bind its port. */
  readonly bind: number
  /** Any other has to live so long. */
  readonly stay: number
  readonly answer: number
  readonly grace: number
}

/** Judges the first life of a dyno, when it is over. */
export function judge(record: BootRecord, limits: BootLimits): DynoVerdict {
  const judgements = [
    starts(record),
    ...(record.type === WEB ? [binds(record, limits), answers(record, limits)] : [stays(record, limits)]),
    ends(record, limits),
    leaves(record),
    writes(record),
  ]
  const verdict = judgements.some((each) => each.verdict === 'bad') ? 'bad' : 'good'
  return { type: record.type, dyno: dynoName(record.type, record.number), verdict, judgements }
}

/** Its verdict in one line: all that is bad, or else what was seen of it. */
export function reason({ verdict, judgements }: DynoVerdict): string {
  const bad = judgements.filter((each) => each.verdict === 'bad')
  if (verdict === 'bad') return bad.map(({ why }) => why).join('; ')
  const seen = judgements.filter((each) => each.verdict === 'good' && TOLD.includes(each.criterion))
  return seen.map(({ why }) => why).join(', ')
}

const TOLD: readonly Criterion[] = ['binds $PORT', 'stays up', 'answers HTTP', 'ends on SIGTERM']

function starts(record: BootRecord): Judgement {
  const { refusal, exit, termAt } = record
  const by = judgementBy('starts')
  if (refusal !== undefined) return by('bad', refusal.replace(/\.$/, ''))
  if (termAt === undefined && exit?.status === 127)
    return by('bad', `there is no such program${quoted(record)}`)
  if (termAt === undefined && exit?.status === 126)
    return by('bad', `its program is not executable${quoted(record)}`)
  return by('good', 'started')
}

function binds(record: BootRecord, { bind }: BootLimits): Judgement {
  const { port, upAt, otherPorts, termAt } = record
  const by = judgementBy('binds $PORT')
  if (starts(record).verdict === 'bad') return by('skipped', NOT_STARTED)
  if (upAt !== undefined && otherPorts === undefined)
    return by('good', `bound port ${port} after ${since(record, upAt)}`, lasted(record, upAt))
  if (isOver(record) && termAt === undefined)
    return by('bad', `${ended(record)} and had not bound $PORT${quoted(record)}`)
  const within = `within ${secondsText(bind)}`
  if (otherPorts === undefined || otherPorts.length === 0)
    return by('bad', `did not bind $PORT (${port}) ${within}`, bind)
  return by('bad', `bound port ${otherPorts.join(' and ')}, but not $PORT (${port}), ${within}`, bind)
}

function stays(record: BootRecord, { stay }: BootLimits): Judgement {
  const by = judgementBy('stays up')
  if (starts(record).verdict === 'bad') return by('skipped', NOT_STARTED)
  if (endedEarly(record)) return by('bad', ended(record) + quoted(record), lasted(record, record.exit!.at))
  return by('good', `alive after ${secondsText(stay)}`, stay)
}

function answers(record: BootRecord, { answer: patience }: BootLimits): Judgement {
  const { answer, upAt, otherPorts } = record
  const by = judgementBy('answers HTTP')
  if (upAt === undefined || otherPorts) return by('skipped', 'it had not bound $PORT')
  if (answer === undefined) return by('bad', `${ended(record)} before it answered GET /${quoted(record)}`)
  switch (answer.is) {
    case 'status':
      return answer.status < 500
        ? by('good', `answered ${answer.status}`)
        : by('bad', `answered GET / with ${answer.status}`)
    case 'silent':
      return by('bad', `did not answer GET / within ${secondsText(patience)}`, patience)
    case 'closed':
      return by('bad', 'closed the connection and did not answer GET /')
    case 'garbage':
      return by('bad', 'answered GET / with what is no HTTP')
    case 'refused':
      return by('bad', 'did not let anybody connect to $PORT on this machine')
    default:
      return answer satisfies never
  }
}

function ends(record: BootRecord, { grace }: BootLimits): Judgement {
  const { termAt, exit, error, type, answer, trace } = record
  const by = judgementBy('ends on SIGTERM')
  if (starts(record).verdict === 'bad') return by('skipped', NOT_STARTED)
  if (endedEarly(record)) {
    const isNews = type === WEB && answer !== undefined // before, another judgement says it
    return isNews
      ? by('bad', `${ended(record)}, by itself${quoted(record)}`)
      : by('skipped', 'it had ended before')
  }
  if (termAt === undefined || exit === undefined) return by('skipped', 'it was not seen to end')
  const took = exit.at - termAt
  const hasLeft = trace !== undefined && trace.left.length > 0 // which is looked at for a moment, and that is not its own
  if ((error === 'R12' || took > grace) && !hasLeft) {
    return by('bad', `was still there ${secondsText(grace)} after SIGTERM and had to be killed`, took)
  }
  return by('good', `ended ${secondsText(took)} after SIGTERM`, took)
}

function leaves(record: BootRecord): Judgement {
  const by = judgementBy('leaves no process')
  if (!record.trace) return by('skipped', untraced(record))
  const { left } = record.trace
  if (left.length === 0) return by('good', 'left no process behind')
  const names = [...new Set(left)].map((name) => {
    const count = left.filter((each) => each === name).length
    return count > 1 ? `${name} (${count} times)` : name
  })
  return by('bad', `left ${some(names)} running when it ended`)
}

function writes(record: BootRecord): Judgement {
  const { trace, refused = [] } = record
  const by = judgementBy('writes only to /app and /tmp')
  const wrote = trace?.wrote ?? []
  if (wrote.length > 0) return by('bad', `wrote outside of /app and /tmp: ${some(wrote)}`)
  // Who could not be started says what was refused to the shell that tried.
  if (refused.length > 0 && starts(record).verdict === 'good') {
    return by('bad', `was refused outside of /app and /tmp: ${some(refused)}`)
  }
  if (!trace) return by('skipped', untraced(record))
  return trace.wrote === null
    ? by('skipped', 'not seen without full walls')
    : by('good', 'wrote nowhere else')
}

const NOT_STARTED = 'it did not start'

function untraced({ error }: BootRecord): string {
  return error === undefined ? 'its walls noted nothing' : 'it had to be killed'
}

function endedEarly({ exit, termAt }: BootRecord): boolean {
  return exit !== undefined && termAt === undefined
}

// Which of the two it was nobody can tell: a shell hands a signal on as 128 more.
function ended(record: BootRecord): string {
  const { exit, error } = record
  if (exit === undefined) return 'ended'
  const after = `after ${since(record, exit.at)}`
  if (error === 'R15') return `was killed for its use of memory (R15) ${after}`
  const signal = SIGNALS[exit.status - 128]
  return signal ? `was killed by SIG${signal} ${after}` : `exited with status ${exit.status} ${after}`
}

const SIGNALS: Readonly<Record<number, string>> = {
  ...{ 1: 'HUP', 2: 'INT', 3: 'QUIT', 4: 'ILL', 5: 'TRAP', 6: 'ABRT', 7: 'BUS', 8: 'FPE', 9: 'KILL' },
  ...{ 11: 'SEGV', 13: 'PIPE', 14: 'ALRM', 15: 'TERM' },
}

const LONGEST_QUOTE = 100

function quoted({ lastLine }: BootRecord): string {
  const text = safeText(lastLine ?? '').trim()
  return text === '' ? '' : `: "${cut(text, LONGEST_QUOTE)}"`
}

const MOST_NAMED = 3

function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => safeText(name, '?'))
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

function lasted({ startedAt }: BootRecord, until: number): number {
  return Math.max(0, until - (startedAt ?? until))
}

function since(record: BootRecord, at: number): string {
  return secondsText(lasted(record, at))
}

/** So many milliseconds as seconds that a person reads: `0.4 s`, `30 s`. */
function secondsText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`
}

function judgementBy(criterion: Criterion) {
  return (verdict: Judgement['verdict'], why: string, milliseconds = 0): Judgement => {
    return { criterion, verdict, why, seconds: Math.round(milliseconds) / 1000 }
  }
}
