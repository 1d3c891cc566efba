import type { App } from './app.ts'
import type { Formed } from './manifold.ts'
import type { ReleaseRecord } from './release-record.ts'
import { routerUrl } from './router.ts'

/** An app as our own clients are told of it; `platform/public-json.ts` makes Heroku's shape of it. */
export type AppJson = {
  readonly id: string
  readonly name: string
  /** The app folder. */
  readonly root: string
  readonly maintenance: boolean
  /** Where the router listens; null where it does not. */
  readonly web_url: string | null
  /** The release that the formation runs on, and whether it runs on the app folder itself; null without a formation. */
  readonly formation: { readonly version: number; readonly slug: string; readonly live: boolean } | null
  readonly created_at: string
  readonly released_at: string | null
}

/** The app with what runs of it; `since` is when its manifold was opened, in milliseconds since 1970. */
export function appJson(
  { id, name, root }: App,
  now: {
    readonly formed: Formed | null
    readonly releases: readonly ReleaseRecord[]
    readonly maintenance: boolean
    readonly since: number
  },
): AppJson {
  const { formed, releases, maintenance, since } = now
  const release = formed?.release
  const at = (record: ReleaseRecord | undefined) => record && new Date(record.createdAt).toISOString()
  return {
    ...{ id, name, root, maintenance },
    formation: release
      ? { version: release.version, slug: release.stack.slug, live: release.live !== null }
      : null,
    web_url: release?.router ? routerUrl(release.router) : null,
    created_at: at(releases[0]) ?? new Date(since).toISOString(),
    released_at: at(releases.at(-1)) ?? null,
  }
}
