import type { DynoJson } from '../api/api.ts'
import type { AppJson } from '../api/app-api.ts'
import type { FormationJson } from '../api/formation-api.ts'
import type { ReleaseJson } from '../api/release-api.ts'
import type { SlugJson } from '../api/slug-api.ts'
import { GENERATION, personOf, REGION, STACK } from './resources.ts'

/** A dyno as Heroku shows it: one that is being stopped is down, and what is ours is left out. */
export function publicDyno({ kind: _, state, ...dyno }: DynoJson): object {
  return { ...dyno, state: state === 'stopping' ? 'down' : state }
}

/** A process type as Heroku shows it; it is as old as the release. */
export function publicFormation({ since, ...formation }: FormationJson): object {
  return { ...formation, created_at: since, updated_at: since }
}

/** A release as Heroku shows it: its slug has a UUID, and its user an address. `outputUrl` is where its command's output is. */
export function publicRelease(
  { slug_id: id, user, output: _, ...release }: ReleaseJson,
  outputUrl: string | null,
): object {
  return {
    ...release,
    slug: id === null ? null : { id },
    user: personOf(user.id),
    ...{ addon_plan_names: [], output_stream_url: outputUrl },
    artifacts: id === null ? [] : [{ id, type: 'slug' }],
    eligible_for_rollback: id !== null && release.status === 'succeeded',
  }
}

/** A slug as Heroku shows it; `blob` is where its file is to be sent, or fetched. */
export function publicSlug({ sha256: _, ...slug }: SlugJson, blob: Blob): object {
  return { ...slug, blob, stack: STACK }
}

type Blob = { readonly method: 'put' | 'get'; readonly url: string }

/** An app as Heroku shows it: a folder of this machine has no repository there, and its address is the router's, or `otherwise`. */
export function publicApp(app: AppJson, user: string, otherwise: string | null): object {
  const { id, name, maintenance, web_url: url, created_at, released_at, root } = app
  return {
    ...{ id, name, maintenance, created_at, released_at, updated_at: released_at ?? created_at },
    web_url: url ?? otherwise,
    git_url: `file://${encodeURI(root)}`,
    owner: personOf(user),
    ...{ stack: STACK, build_stack: STACK, region: REGION, generation: GENERATION },
    ...{ acm: false, archived_at: null, buildpack_provided_description: null, internal_routing: null },
    ...{ organization: null, team: null, space: null, repo_size: null, slug_size: null },
    ...{ create_status: 'complete', process_tier: 'basic', locked: false },
  }
}
