import type { App } from '../../core/app.ts'
import type { Wanted } from '../../core/formation.ts'
import { type FormationJson, formationJson, scaleRequest } from '../../core/formation-api.ts'
import type { ReleaseRecord } from '../../core/release-record.ts'
import { DEFAULT_SIZE } from '../../core/size.ts'

/** The formation of an app of which none runs, as Heroku has one always: nothing of every type of its release. */
export function idleFormation(release: ReleaseRecord | undefined, app: App): FormationJson[] {
  if (!release || release.slug === null) return []
  const { processTypes: types, createdAt: since } = release
  const none = [...types.keys()].map((type): [string, Wanted] => [type, { quantity: 0, size: DEFAULT_SIZE }])
  return formationJson(new Map(none), { types, since }, app)
}

/** What a request to scale would make of it: a formation, nothing of anything, or another size of nothing. */
export function wantedOf(body: unknown): 'dynos' | 'nothing' | 'size' {
  const updates = scaleRequest(body)
  if (updates.some(({ quantity }) => quantity && quantity.sign !== '-' && quantity.count > 0)) return 'dynos'
  return updates.some(({ quantity }) => quantity) ? 'nothing' : 'size'
}
