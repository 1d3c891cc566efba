import type { App } from '../app.ts'
import { type Dyno, stateWord } from '../dyno.ts'
import type { Environment } from '../environment.ts'
import type { ListedDyno } from '../listing.ts'
import { Problem, type ProblemCode } from '../problem.ts'
import type { Stack } from '../release.ts'
import { DEFAULT_SIZE, dynoSize } from '../size.ts'
import { type TerminalSize, terminalSize } from '../terminal-size.ts'
import { type WallsKind, wallsKind } from '../walls.ts'

// The Heroku Platform API v3, as far as it is spoken here: shapes, names and error ids are Heroku's.

/** A dyno as `GET /apps/:app/dynos` lists it. */
export type DynoJson = {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly command: string
  readonly size: string
  readonly state: string
  readonly attach_url: string | null
  readonly app: { readonly id: string; readonly name: string }
  /** The release it runs on; null for a one-off on a slug that is none. */
  readonly release: { readonly id: string; readonly version: number } | null
  /** Ours: whether it is of the formation. */
  readonly kind: Dyno['kind']
  readonly created_at: string
  readonly updated_at: string
}

/** The dyno in the API's shape; `release` is that of its version. */
export function dynoJson(dyno: Dyno, { app, release, attachUrl = null }: DynoContext): DynoJson {
  return {
    id: dyno.id,
    name: dyno.name,
    type: dyno.name.split('.')[0]!,
    command: dyno.command,
    size: dyno.size,
    state: stateWord(dyno.state),
    attach_url: attachUrl,
    app: { id: app.id, name: app.name },
    release: release ? { id: release.id, version: release.version } : null,
    kind: dyno.kind,
    created_at: new Date(dyno.createdAt).toISOString(),
    updated_at: new Date(dyno.since).toISOString(),
  }
}

type DynoContext = {
  readonly app: App
  readonly release: { readonly id: string; readonly version: number } | undefined
  readonly attachUrl?: string | null
}

/** The API's dyno as a row of `dyno ps`. */
export function listedDyno({ name, state, command, updated_at }: DynoJson): ListedDyno {
  return { name, state, command, since: Date.parse(updated_at) }
}

/** `POST /apps/:app/dynos`, understood. */
export type DynoRequest = {
  readonly command: string
  readonly attach: boolean
  readonly terminal: TerminalSize | null
  readonly extra: Environment
  readonly size: string
  readonly walls: WallsKind | null
  /** Undefined where a client of the plain API sends none: the newest one known serves. */
  readonly stack: Stack | undefined
  /** The folder that it runs on itself, and that has all it wrote when it is over. */
  readonly live: string | undefined
  /** Accepted for Heroku's sake: must be a process type of the Procfile. Undefined for Heroku's `run`. */
  readonly type: string | undefined
  /** How long it may live, in seconds. */
  readonly timeToLive: number | undefined
  /** The release it runs on, as its client names it, and what that client's shell lends. */
  readonly release: { readonly name: string; readonly caller: Environment } | undefined
}

/** Reads the body of `POST /apps/:app/dynos`; throws a Problem that names what is wrong. */
export function dynoRequest(body: unknown): DynoRequest {
  const fields = record(body, 'The request')
  const { command, attach, force_no_tty: noTty, size, env, terminal, walls, live } = fields
  const { stack, release, caller, type, time_to_live: timeToLive } = fields
  if (typeof command !== 'string' || command.trim() === '') {
    throw new Problem('invalid', 'A dyno needs a command; send {"command":"bash"}.')
  }
  if (command.includes('\0')) throw new Problem('invalid', `The command ${NUL}`)
  const extra = stringRecord(env ?? {}, 'env')
  const wrong = Object.keys(extra).find((name) => !/^[A-Za-z_]\w*$/.test(name))
  if (wrong !== undefined)
    throw new Problem('invalid', `'${wrong}' is no name a shell can hold; use letters, digits and _.`)
  const { COLUMNS, LINES, ...rest } = extra
  const cells = terminal ? record(terminal, 'terminal') : { columns: Number(COLUMNS), rows: Number(LINES) }
  return {
    command,
    attach: attach === true,
    terminal: attach === true && noTty !== true ? terminalSize(cells['columns'], cells['rows']) : null,
    extra: rest,
    size: typeof size === 'string' ? dynoSize(size) : DEFAULT_SIZE,
    walls: walls === undefined ? null : wallsKind(walls),
    stack: stack === undefined ? undefined : stackOf(stack),
    live: typeof live === 'string' ? live : undefined,
    type: typeof type === 'string' && type !== 'run' ? type : undefined,
    timeToLive: timeToLive === undefined || timeToLive === null ? undefined : secondsToLive(timeToLive),
    release:
      typeof release === 'string'
        ? { name: release, caller: stringRecord(caller ?? {}, 'caller') }
        : undefined,
  }
}

/** A day. */
const LONGEST_LIFE = 86_400

function secondsToLive(value: unknown): number {
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= LONGEST_LIFE) return Number(value)
  throw new Problem('invalid', `'time_to_live' is a whole number of seconds, at most ${LONGEST_LIFE}.`)
}

/** Reads what dynos run on, as our own clients send it along; throws a Problem that names what is wrong. */
export function stackOf(value: unknown): Stack {
  const fields = record(value, 'stack')
  const { slug } = fields
  if (typeof slug !== 'string' || !/^[0-9a-f]{64}$/.test(slug)) {
    throw new Problem('invalid', "A slug is named by its SHA-256: 64 hexadecimal digits in 'slug'.")
  }
  return {
    slug,
    processTypes: processTypesOf(fields['process_types'] ?? {}),
    config: stringRecord(fields['config'] ?? {}, 'config'),
    caller: stringRecord(fields['caller'] ?? {}, 'caller'),
    ...(fields['of_dotenv'] === true ? { ofDotenv: true } : {}),
  }
}

// Our own clients send pairs: an object does not keep the order of names that are numbers.
function processTypesOf(value: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(value)) return new Map(Object.entries(stringRecord(value, 'process_types')))
  return new Map(
    value.flatMap((pair) => Object.entries(stringRecord({ [pair[0]]: pair[1] }, 'process_types'))),
  )
}

/** The error id and the HTTP status the API gives this problem. */
export function apiError(problem: Problem): { status: number; body: ErrorJson } {
  const { code, message, offer } = problem
  const [status, id] = ERRORS[code] ?? [422, 'invalid_params']
  return { status, body: { id, message, ...(offer === undefined ? {} : { offer }) } }
}

type ErrorJson = { readonly id: string; readonly message: string; readonly offer?: number }

/** The problem an API error stands for, at the client's end. */
export function problemOf(status: number, body: unknown): Problem {
  const { message, offer } = (body ?? {}) as Partial<ErrorJson>
  const text = typeof message === 'string' ? message : `The manifold answered ${status}.`
  return new Problem(status === 404 ? 'not-found' : 'invalid', text, offer)
}

const ERRORS: Partial<Record<ProblemCode, readonly [number, string]>> = {
  'not-found': [404, 'not_found'],
  manifold: [503, 'unavailable'],
  conflict: [409, 'conflict'],
}

/** The fields of a JSON object; throws a Problem that names it when it is none. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new Problem('invalid', `${what} must be a JSON object.`)
}

/** An object whose values are text, or numbers (COLUMNS, LINES); throws a Problem that names the first that is neither. */
export function stringRecord(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(record(value, `'${what}'`))
  const wrong = entries.find(([, v]) => typeof v !== 'string' && typeof v !== 'number')
  if (wrong) throw new Problem('invalid', `'${what}' holds text only; '${wrong[0]}' is not text.`)
  const nul = entries.find(([name, v]) => `${name}${v}`.includes('\0'))
  if (nul) throw new Problem('invalid', `'${nul[0].replaceAll('\0', '')}' in '${what}' ${NUL}`)
  return Object.fromEntries(entries.map(([name, v]) => [name, String(v)]))
}

// No program can be given one: it ends every text in the kernel.
const NUL = 'holds a NUL character; take it out.'
