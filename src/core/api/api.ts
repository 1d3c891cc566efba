import type { App } from '../app.ts'
import { type Dyno, stateWord } from '../dyno.ts'
import { type Environment, isVariableName } from '../environment.ts'
import type { ListedDyno } from '../listing.ts'
import { Problem } from '../problem.ts'
import type { Stack } from '../release.ts'
import { quoted } from '../safe-text.ts'
import { DEFAULT_SIZE, dynoSize } from '../size.ts'
import { type TerminalSize, terminalSize } from '../terminal-size.ts'
import { type WallsKind, wallsKind } from '../walls.ts'
import { checkLength, flagField, isRecord, NUL, record, stringRecord, textField } from './fields.ts'
import { stackOf } from './posted-stack.ts'

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
  /** Ours: whether it is of the formation, or a one-off. */
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
  const { command, env, terminal, walls, stack, caller, time_to_live: timeToLive } = fields
  if (typeof command !== 'string' || command.trim() === '') {
    throw new Problem('invalid', 'A dyno needs a command; send {"command":"bash"}.')
  }
  if (command.includes('\0')) throw new Problem('invalid', `The command ${NUL}`)
  checkLength(command, 'The command')
  const extra = stringRecord(env ?? {}, 'env')
  const wrong = Object.keys(extra).find((name) => !isVariableName(name))
  if (wrong !== undefined)
    throw new Problem('invalid', `${quoted(wrong)} is no name a shell can hold; use letters, digits and _.`)
  for (const [name, value] of Object.entries(extra))
    checkLength(`${name}=${value}`, `${quoted(name)} in 'env'`)
  const { COLUMNS, LINES } = extra
  const cells = terminal ? record(terminal, 'terminal') : { columns: Number(COLUMNS), rows: Number(LINES) }
  const [attach, noTty] = [flagField(fields, 'attach'), flagField(fields, 'force_no_tty')]
  const [size, type, release] = ['size', 'type', 'release'].map((name) => textField(fields, name))
  return {
    ...{ command, attach, extra },
    terminal: attach && !noTty ? terminalSize(cells['columns'], cells['rows']) : null,
    size: size === undefined ? DEFAULT_SIZE : dynoSize(size),
    walls: walls === undefined ? null : wallsKind(walls),
    stack: stack === undefined ? undefined : stackOf(stack),
    live: textField(fields, 'live'),
    type: type === 'run' ? undefined : type,
    timeToLive: timeToLive === undefined || timeToLive === null ? undefined : secondsToLive(timeToLive),
    release:
      release === undefined ? undefined : { name: release, caller: stringRecord(caller ?? {}, 'caller') },
  }
}

const SIZE = ['COLUMNS', 'LINES']

/**
 * An order for a dyno whose terminal will follow its client's: a size that comes as numbers, as Heroku's CLI sends its
 * own, is the first of the terminal, and no variable, which programs would believe for ever.
 */
export function withFollowedSize(body: unknown): unknown {
  const env = isRecord(body) ? body['env'] : undefined
  if (!isRecord(body) || !isRecord(env)) return body
  const isSize = ([name, value]: [string, unknown]) => SIZE.includes(name) && typeof value === 'number'
  const sizes = Object.entries(env).filter(isSize)
  const kept = Object.entries(env).filter((entry) => !isSize(entry))
  const { COLUMNS: columns, LINES: rows } = Object.fromEntries(sizes)
  return {
    ...body,
    env: Object.fromEntries(kept),
    ...(sizes.length > 0 ? { terminal: { columns, rows } } : {}),
  }
}

/** A day. */
const LONGEST_LIFE = 86_400

function secondsToLive(value: unknown): number {
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= LONGEST_LIFE) return Number(value)
  throw new Problem('invalid', `'time_to_live' is a whole number of seconds, at most ${LONGEST_LIFE}.`)
}
