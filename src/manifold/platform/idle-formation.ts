import type { Answer, Request } from '../../core/api/exchange.ts'
import { record } from '../../core/api/fields.ts'
import { type FormationJson, formationJson, scaleRequest } from '../../core/api/formation-api.ts'
import type { App } from '../../core/app.ts'
import type { Environment } from '../../core/environment.ts'
import { applyUpdates, type Wanted } from '../../core/formation.ts'
import type { PublicRoute } from '../../core/platform/public-routes.ts'
import { Problem } from '../../core/problem.ts'
import type { ReleaseRecord } from '../../core/release-record.ts'
import { DEFAULT_SIZE } from '../../core/size.ts'
import type { Api } from '../answer.ts'
import type { OpenManifold } from '../open.ts'
import type { Releases } from '../releases.ts'
import { takeTurns } from '../turns.ts'

/** What whoever opened the API says of a formation that it begins: what the shell lends its dynos, and how it is started. */
export type Opener = { readonly caller: Environment; readonly settings: object }

/** Answers in the manifold's stead what it would answer otherwise with a formation running; undefined to leave it. */
export type IdleFormation = (request: Request, route: PublicRoute) => Promise<Answer | undefined>

/** Heroku always has a formation; here one begins when a dyno is wanted. */
export function openIdleFormation(
  manifold: Pick<OpenManifold, 'app' | 'formed'>,
  {
    releases,
    api,
    opener,
  }: { readonly releases: Pick<Releases, 'current'>; readonly api: () => Api; readonly opener: () => Opener },
): IdleFormation {
  const { app } = manifold

  const answer = async (request: Request): Promise<Answer | undefined> => {
    if (manifold.formed()) return undefined
    const current = releases.current()
    const all = idleFormation(current, app)
    const type = request.path.split('/')[4]
    const listed = type === undefined ? all : all.find((each) => each.type === type || each.id === type)
    if (listed === undefined || current === undefined) return undefined
    if (request.method === 'GET') return { status: 200, body: listed }
    const fields = record(request.body, 'The request')
    const body = type === undefined ? fields : { updates: [{ ...fields, type }] }
    if (!wantsDynos(body, [...current.processTypes.keys()])) return { status: 200, body: listed }
    const refused = await begin(request, body, current)
    const path = type === undefined ? `/apps/${app.name}/formation` : request.path
    return refused ?? api().answer({ ...request, method: 'GET', path, body: null })
  }

  // Answers with why it does not begin; undefined when it has begun.
  const begin = async (
    request: Request,
    body: object,
    release: ReleaseRecord,
  ): Promise<Answer | undefined> => {
    const { slug, processTypes, config } = release
    const { caller, settings } = opener()
    const order = { ...settings, ...body, stack: { slug, process_types: [...processTypes], config, caller } }
    const path = `/apps/${app.name}/formation`
    const start = (body: object) => api().answer({ ...request, method: 'POST', path, body })
    let started = await start(order)
    // Nobody can be asked: the ports that are free are as good as those that are not.
    const offer = 'body' in started ? (started.body as { readonly offer?: number }).offer : undefined
    if (offer !== undefined) started = await start({ ...order, port: offer })
    return 'status' in started && started.status < 400 ? undefined : started
  }

  // One after the other: of two that want dynos at once the first begins the formation, and the second scales it.
  const inTurn = takeTurns()
  return async (request, { shape }) => {
    if (shape !== 'formation' || manifold.formed()) return undefined
    return inTurn(() => answer(request))
  }
}

// Nothing of every type of the release.
function idleFormation(release: ReleaseRecord | undefined, app: App): FormationJson[] {
  if (!release || release.slug === null) return []
  const { processTypes: types, createdAt: since } = release
  const none = [...types.keys()].map((type): [string, Wanted] => [type, { quantity: 0, size: DEFAULT_SIZE }])
  return formationJson(new Map(none), { types, since }, app)
}

/**
 * Whether a request to scale wants dynos, and not nothing of anything. Throws a Problem where it names a type that is
 * none of these, or wants no more than another size of nothing.
 */
function wantsDynos(body: unknown, types: readonly string[]): boolean {
  const updates = scaleRequest(body)
  applyUpdates(new Map(), updates, types)
  if (updates.some(({ quantity }) => quantity && quantity.sign !== '-' && quantity.count > 0)) return true
  const sized = updates.find(({ size }) => size !== null)
  if (!sized || updates.some(({ quantity }) => quantity)) return false
  const instead = `\`ps:scale ${sized.type}=1:${sized.size!.toLowerCase()}\` starts one`
  throw new Problem('invalid', `No formation runs, so its sizes cannot be kept; ${instead}.`)
}
