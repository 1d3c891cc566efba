import type { DynoJson } from '../../core/api/api.ts'
import type { AppJson } from '../../core/api/app-api.ts'
import type { FormationJson } from '../../core/api/formation-api.ts'
import type { ReleaseJson } from '../../core/api/release-api.ts'
import type { SlugJson } from '../../core/api/slug-api.ts'
import {
  publicApp,
  publicDyno,
  publicFormation,
  publicRelease,
  publicSlug,
} from '../../core/platform/public-json.ts'
import type { Shape } from '../../core/platform/public-routes.ts'

/** Where what a manifold calls by a path of its own socket is reached from outside. */
export type Addresses = {
  /** That of an app of which no router runs; null where we know none. */
  web(id: string): string | null
  readonly user: string
  /** Where a terminal is joined with what waits at a path of the manifold. */
  attach(path: string): string
  log(path: string): string
  /** Where the output of this dyno is. */
  output(dyno: string): string
  /** Where a slug's file is sent, or fetched. */
  blob(slug: SlugJson): { readonly method: 'put' | 'get'; readonly url: string }
}

/** A manifold's answer, one thing or a list of them, in the published shape. */
export function shapeAnswer(shape: Shape, body: unknown, to: Addresses): unknown {
  if (Array.isArray(body)) return body.map((each) => shapeOne(shape, each, to))
  return shapeOne(shape, body, to)
}

function shapeOne(shape: Shape, body: unknown, to: Addresses): unknown {
  switch (shape) {
    case 'app':
      return publicApp(body as AppJson, to.user, to.web((body as AppJson).id))
    case 'dyno': {
      const dyno = body as DynoJson
      const { attach_url: path } = dyno
      return publicDyno({ ...dyno, attach_url: path === null ? null : to.attach(path) })
    }
    case 'formation':
      return publicFormation(body as FormationJson)
    case 'release': {
      const release = body as ReleaseJson
      return publicRelease(release, release.output === null ? null : to.output(release.output))
    }
    case 'log session': {
      const session = body as { readonly logplex_url: string }
      return { ...session, logplex_url: to.log(session.logplex_url) }
    }
    case 'slug':
      return publicSlug(body as SlugJson, to.blob(body as SlugJson))
    case 'plain':
      return body
    default:
      return shape satisfies never
  }
}
