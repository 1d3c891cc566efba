import { type App, uuidOf } from '../app.ts'
import {
  applyUpdates,
  type Formation,
  type FormationUpdate,
  parseQuantity,
  type Quantity,
} from '../formation.ts'
import { dynoName, WEB } from '../name.ts'
import { LONGEST_WAIT, PATIENCE, type Patience } from '../patience.ts'
import { portOf } from '../ports.ts'
import { Problem } from '../problem.ts'
import { portPlan, type Release } from '../release.ts'
import { ROUTER_PATIENCE, type RouterSettings } from '../router/router.ts'
import { dynoSize } from '../size.ts'
import { terminalSize } from '../terminal-size.ts'
import { wallsKind } from '../walls.ts'
import { record, textField } from './fields.ts'
import { stackOf } from './posted-stack.ts'

// The formation's half of the Platform API: `GET` and `PATCH /apps/:app/formation` are Heroku's, `POST` is ours.

/** A process type as `GET /apps/:app/formation` lists it. */
export type FormationJson = {
  readonly id: string
  readonly type: string
  readonly quantity: number
  readonly size: string
  readonly command: string
  /** When the release was made that it runs on. */
  readonly since: string
  readonly app: { readonly id: string; readonly name: string }
}

/** The formation in the API's shape, in the order of the Procfile; `since` is in milliseconds since 1970. */
export function formationJson(
  wanted: Formation,
  { types, since }: { readonly types: ReadonlyMap<string, string>; readonly since: number },
  app: App,
): FormationJson[] {
  return [...wanted].map(([type, { quantity, size }]) => ({
    id: uuidOf(`${app.root}/${type}`),
    type,
    quantity,
    size,
    command: types.get(type) ?? '',
    since: new Date(since).toISOString(),
    app: { id: app.id, name: app.name },
  }))
}

/** `PATCH /apps/:app/formation`: `{"updates":[{"type":"web","quantity":"+1","size":"standard-2x"}]}`. */
export function scaleRequest(body: unknown): FormationUpdate[] {
  const { updates } = record(body, 'The request')
  if (!Array.isArray(updates)) throw new Problem('invalid', 'Send {"updates":[{"type":"web","quantity":1}]}.')
  return updates.map((update) => {
    const fields = record(update, 'An update')
    const { type, quantity } = fields
    if (typeof type !== 'string') throw new Problem('invalid', "An update needs a 'type', such as web.")
    const size = textField(fields, 'size')
    return {
      type,
      quantity: quantity === undefined ? null : quantityOf(quantity, type),
      size: size === undefined ? null : dynoSize(size),
    }
  })
}

// A number of JSON is how many there are to be; only text can be relative.
function quantityOf(value: unknown, type: string): Quantity {
  if (typeof value === 'string') return parseQuantity(value, type)
  if (typeof value === 'number' && value >= 0) return parseQuantity(String(value), type)
  throw new Problem('invalid', 'A \'quantity\' is a number from 0, or text such as "+1" or "-1".')
}

/** What `POST /apps/:app/formation` begins with. */
export type StartRequest = {
  readonly release: Release
  readonly formation: Formation
  /** Whether a client holds it by its connection. */
  readonly leased: boolean
}

/** Reads the order that starts a formation; throws a Problem that names what is wrong. */
export function startRequest(body: unknown): StartRequest {
  const fields = record(body, 'The request')
  const { terminal, walls, live, watched, port } = fields
  const stack = stackOf(fields['stack'])
  const basePort = typeof port === 'number' ? port : Number.NaN
  const router = isRoutable(stack.processTypes) ? routerOf(fields['router'], basePort) : null
  const patience = patienceOf(record(fields['patience'] ?? {}, 'patience'))
  const cells = terminal ? record(terminal, 'terminal') : null
  const release: Release = {
    ...{ version: 1, stack, basePort, router },
    terminal: cells && terminalSize(cells['columns'], cells['rows']),
    walls: walls === undefined ? null : wallsKind(walls),
    live: typeof live === 'string' ? live : null,
    ...(typeof watched === 'string' ? { watched } : {}),
    patience: { ...patience, drain: router ? patience.grace : null },
    exitOnCrash: fields['exit_on_crash'] === true,
    startsNewTypes: fields['starts_new_types'] === true,
  }
  if (!Number.isInteger(release.basePort)) throw new Problem('invalid', "A formation needs a base 'port'.")
  const types = [...release.stack.processTypes.keys()]
  const formation = applyUpdates(new Map(), scaleRequest({ updates: fields['updates'] }), types)
  return { release, formation, leased: fields['lease'] === true }
}

/** The port of every dyno that is wanted, by its name; throws a Problem when there is none for one of them. */
export function wantedPorts(release: Release, formation: Formation): Map<string, number> {
  const [ports, plan] = [new Map<string, number>(), portPlan(release)]
  for (const [type, { quantity }] of formation) {
    for (let number = 1; number <= quantity; number++) {
      ports.set(dynoName(type, number), portOf({ type, number }, plan))
    }
  }
  return ports
}

/** The ports of dynos that are wanted and not there; one that ends still has its port, and its next life takes it over. */
export function newPorts(
  release: Release,
  formation: Formation,
  dynos: readonly { readonly name: string }[],
): number[] {
  const there = new Set(dynos.map(({ name }) => name))
  return [...wantedPorts(release, formation)].flatMap(([name, port]) => (there.has(name) ? [] : [port]))
}

// Where nothing can ever be routed to, nobody is in the way of another app's router. A blank app has its page.
function isRoutable(types: ReadonlyMap<string, string>): boolean {
  return types.has(WEB) || types.size === 0
}

function routerOf(body: unknown, port: number): RouterSettings | null {
  if (body === undefined || body === null) return null
  const { host, tls, ...fields } = record(body, 'router')
  return {
    ...ROUTER_PATIENCE,
    ...numbersOf(fields, Object.keys(ROUTER_PATIENCE), (value) => value > 0),
    port,
    host: typeof host === 'string' ? host : null,
    tls: tls === true,
  }
}

// In milliseconds; what is not given is Heroku's.
function patienceOf(fields: Record<string, unknown>): Patience {
  return { ...PATIENCE, ...numbersOf(fields, Object.keys(PATIENCE), (value) => value >= 0) }
}

// Fields of these names that are good numbers, none longer than a timer can wait; any other is as if it were not given.
function numbersOf(
  fields: Record<string, unknown>,
  names: readonly string[],
  isGood: (value: number) => boolean,
): Record<string, number> {
  const numbers = Object.entries(fields).map(([name, value]): [string, number] => [
    name,
    Math.min(Number(value), LONGEST_WAIT),
  ])
  return Object.fromEntries(numbers.filter(([name, value]) => names.includes(name) && isGood(value)))
}
