import type { DynoJson } from '../core/api.ts'
import { parseDynoName } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Reply } from '../edge/dial-manifold.ts'
import { askIfThere } from './dial.ts'
import type { Place } from './place.ts'

/** Answers that come when what was asked for has happened, not when it has begun. */
const WAIT = { Prefer: 'wait' }

/** The path of a dyno, or of all dynos of a type. */
export function dynosPath(place: Place, name: string): string {
  if (parseDynoName(name)) return dynoPath(place, name)
  return `/apps/${place.app.name}/formations/${encodeURIComponent(name)}`
}

/** The path of one dyno: what is no dyno's name is answered with those that run. */
export function dynoPath({ app }: Place, name: string): string {
  return `/apps/${app.name}/dynos/${encodeURIComponent(name)}`
}

/** Asks for something to be done to dynos that run, and waits until it is; throws a Problem where none do. */
export async function askDynos(
  place: Place,
  call: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<Reply> {
  const reply = await askIfThere(place, { ...call, headers: WAIT })
  if (reply) return reply
  const name = /\/dynos\/([^/]+)/.exec(call.path)?.[1]
  if (name !== undefined) {
    throw new Problem(
      'not-found',
      `Couldn't find that dyno: there is no ${decodeURIComponent(name)}. No dyno runs.`,
    )
  }
  throw new Problem('not-found', "No formation runs; start it with 'dyno start'.")
}

/** The dynos of the app; none where there is no manifold. */
export async function listDynos(place: Place): Promise<DynoJson[]> {
  const reply = await askIfThere(place, { method: 'GET', path: `/apps/${place.app.name}/dynos` })
  return (reply?.body ?? []) as DynoJson[]
}
