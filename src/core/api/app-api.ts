import type { App } from '../app.ts'
import type { Formed } from '../manifold.ts'
import type { ReleaseRecord } from '../release-record.ts'
import { routerUrl } from '../router/router.ts'

/** What runs of an app. */
export type AppNow = {
  readonly id: string
  readonly name: string
  readonly maintenance: boolean
  /** The release that the formation runs on, and whether it runs on the app folder itself; null without a formation. */
  readonly formation: { readonly version: number; readonly slug: string; readonly live: boolean } | null
  /** Where the router listens; null where it does not. */
  readonly web_url: string | null
}

/** An app with its history, as `platform/public-json.ts` makes Heroku's shape of it. */
export type AppJson = AppNow & {
  /** The app folder. */
  readonly root: string
  readonly created_at: string
  readonly released_at: string | null
}

export function appNow({ id, name }: App, formed: Formed | null, maintenance: boolean): AppNow {
  const release = formed?.release
  return {
    ...{ id, name, maintenance },
    formation: release
      ? { version: release.version, slug: release.stack.slug, live: release.live !== null }
      : null,
    web_url: release?.router ? routerUrl(release.router) : null,
  }
}

/** The app with all that is known of it; an app that was never released is as old as its manifold (`since`, in milliseconds since 1970). */
export function appJson(
  now: AppNow,
  { root }: App,
  { releases, since }: { readonly releases: readonly ReleaseRecord[]; readonly since: number },
): AppJson {
  const at = (record: ReleaseRecord | undefined) => record && new Date(record.createdAt).toISOString()
  return {
    ...now,
    root,
    created_at: at(releases[0]) ?? new Date(since).toISOString(),
    released_at: at(releases.at(-1)) ?? null,
  }
}
