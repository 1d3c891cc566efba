import { noSuchType } from './absence.ts'
import { ONE_OFF, parseDynoName, RELEASE } from './name.ts'
import { MOST_DYNOS } from './ports.ts'
import { Problem } from './problem.ts'
import { quoted } from './safe-text.ts'
import { DEFAULT_SIZE, dynoSize } from './size.ts'

/** How many dynos of a type are wanted, and of which size. */
export type Wanted = { readonly quantity: number; readonly size: string }

/** What is wanted of every type, in the order of the Procfile. */
export type Formation = ReadonlyMap<string, Wanted>

/** So many; with a sign, so many more or fewer. The Platform API writes it as `"2"`, `"+1"` or `"-1"`. */
export type Quantity = { readonly sign: '' | '+' | '-'; readonly count: number }

/** A change of one type, or of `all`; null leaves that part as it is. */
export type FormationUpdate = {
  readonly type: string
  readonly quantity: Quantity | null
  readonly size: string | null
}

/** Types that are never part of a formation: the one runs at a release, the other wants a terminal. */
const NEVER_STARTED: readonly string[] = [RELEASE, 'console']

/** What a dyno is called that runs once, by its type. */
const RUN_ONCE: ReadonlyMap<string, string> = new Map([
  [ONE_OFF, 'A one-off'],
  [RELEASE, 'A release command'],
])

/** Throws a Problem where a dyno or type of this name runs once: to restart it, the Platform API would end it, as Heroku's does. */
export function checkRestart(name: string): void {
  const what = RUN_ONCE.get(parseDynoName(name)?.type ?? name)
  if (what === undefined) return
  throw new Problem('invalid', `${what} is never restarted; end it with 'dyno ps:stop ${name}'.`)
}

/** Reads `web=2 worker+1,all=2 web=1:standard-2x`; throws a Problem about the first word that cannot be meant. */
export function parseQuantities(words: readonly string[]): FormationUpdate[] {
  return parts(words).map(parseUpdate)
}

/** Reads the API's `"2"`, `"+1"` or `"-1"`; throws a Problem that names `type` otherwise. */
export function parseQuantity(text: string, type: string): Quantity {
  const match = /^([+-]?)(\d+)$/.exec(text)
  if (!match) {
    const sentence = /^[+-]?\d/.test(text) ? 'is no whole number' : 'is no number'
    throw new Problem('invalid', `${quoted(text)} ${sentence}; write how many dynos you want: ${type}=1.`)
  }
  const [sign, count] = [match[1] as Quantity['sign'], Number(match[2])]
  if (count > MOST_DYNOS) throw tooMany(type)
  return { sign, count }
}

/** What is wanted after these updates, later ones winning; types that the Procfile has lost are gone. */
export function applyUpdates(
  current: Formation,
  updates: readonly FormationUpdate[],
  types: readonly string[],
): Formation {
  const wanted = new Map(types.map((type) => [type, current.get(type) ?? NONE]))
  for (const update of updates) {
    for (const type of targets(update.type, types)) wanted.set(type, updated(type, wanted.get(type)!, update))
  }
  return wanted
}

/**
 * What `dyno start` and its words want. No words: one of each type, or on `herokuDefaults` one `web`. Names start
 * just these; `web=2` changes one type and leaves the others. Throws a Problem when no type could be started.
 */
export function startFormation(
  types: readonly string[],
  words: readonly string[],
  { herokuDefaults }: { readonly herokuDefaults: boolean },
): Formation {
  if (!types.some(isStartable)) throw new Problem('procfile', NOTHING_TO_START)
  const given = parts(words)
  const updates = given.map((part) => (isName(part, types) ? one(part) : parseUpdate(part)))
  const anyNamed = given.some((part) => isName(part, types))
  const isFirst = (type: string) => !anyNamed && isStartable(type) && (!herokuDefaults || type === 'web')
  const first = types.map((type): [string, Wanted] => [type, { ...NONE, quantity: isFirst(type) ? 1 : 0 }])
  return applyUpdates(new Map(first), updates, types)
}

const NONE: Wanted = { quantity: 0, size: DEFAULT_SIZE }
const ALL = 'all'

const NOTHING_TO_START =
  'The Procfile has no process type that can be started; add a line such as `web: node server.js`.'

// Commas part as well: foreman's `-m all=0,web=1`.
function parts(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(',')).filter((part) => part !== '')
}

function parseUpdate(part: string): FormationUpdate {
  const [, change, size] = /^([^:]*)(?::(.*))?$/s.exec(part)!
  const exact = /^([\w-]+)=(.*)$/s.exec(change!)
  const relative = /^([\w-]+)([+-]\d+)$/.exec(change!)
  const [, type, quantity] = exact ?? relative ?? []
  if (type === undefined || quantity === undefined) {
    const sentence = /^[\w-]+$/.test(part) ? 'says no quantity' : 'is no quantity'
    throw new Problem('invalid', `'${part}' ${sentence}; write web=2, web+1 or web-1.`)
  }
  if (exact && /^[+-]\d+$/.test(quantity)) {
    throw new Problem('invalid', `'${part}' is no quantity; write ${type}=1, ${type}+1 or ${type}-1.`)
  }
  return {
    type,
    quantity: parseQuantity(quantity, type),
    size: size === undefined ? null : dynoSize(size),
  }
}

// `worker-2` is a name where the Procfile has it, and two workers fewer elsewhere.
function isName(part: string, types: readonly string[]): boolean {
  return types.includes(part) || (/^[\w-]+$/.test(part) && !/-\d+$/.test(part))
}

/** One dyno of this type. */
export function one(type: string): FormationUpdate {
  return { type, quantity: { sign: '', count: 1 }, size: null }
}

function targets(type: string, types: readonly string[]): readonly string[] {
  if (type === ALL) return types.filter(isStartable)
  if (types.includes(type)) return [type]
  throw noSuchType(type, types)
}

function updated(type: string, { quantity, size }: Wanted, update: FormationUpdate): Wanted {
  const { sign, count } = update.quantity ?? { sign: '+', count: 0 }
  const next = sign === '' ? count : Math.max(0, quantity + (sign === '+' ? count : -count))
  if (next > MOST_DYNOS) throw tooMany(type)
  if (next > 0 && !isStartable(type)) {
    throw new Problem('invalid', `'${type}' is never part of the formation; run it with 'dyno run ${type}'.`)
  }
  return { quantity: next, size: update.size ?? size }
}

/** Whether dynos of this type can be part of a formation. */
export function isStartable(type: string): boolean {
  return !NEVER_STARTED.includes(type)
}

function tooMany(type: string): Problem {
  return new Problem(
    'invalid',
    `A type has at most ${MOST_DYNOS} dynos; write ${type}=${MOST_DYNOS} or less.`,
  )
}
