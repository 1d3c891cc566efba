import { type FormationJson, formationJson, scaleRequest } from '../../core/api/formation-api.ts'
import type { App } from '../../core/app.ts'
import { applyUpdates, type Wanted } from '../../core/formation.ts'
import type { ReleaseRecord } from '../../core/release-record.ts'
import { DEFAULT_SIZE } from '../../core/size.ts'

/** The formation of an app of which none runs, as Heroku has one always: nothing of every type of its release. */
export function idleFormation(release: ReleaseRecord | undefined, app: App): FormationJson[] {
  if (!release || release.slug === null) return []
  const { processTypes: types, createdAt: since } = release
  const none = [...types.keys()].map((type): [string, Wanted] => [type, { quantity: 0, size: DEFAULT_SIZE }])
  return formationJson(new Map(none), { types, since }, app)
}

/**
 * What a request to scale would make of it: a formation, nothing of anything, or another size of nothing. Throws a
 * Problem where it names a type that is none of these.
 */
export function wantedOf(body: unknown, types: readonly string[]): 'dynos' | 'nothing' | 'size' {
  const updates = scaleRequest(body)
  applyUpdates(new Map(), updates, types)
  if (updates.some(({ quantity }) => quantity && quantity.sign !== '-' && quantity.count > 0)) return 'dynos'
  return updates.some(({ quantity }) => quantity) ? 'nothing' : 'size'
}
