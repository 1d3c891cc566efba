import { appJson, appNow } from '../core/api/app-api.ts'
import {
  accountJson,
  collaborators,
  DYNO_SIZES,
  EMPTY,
  EMPTY_OF_PERSON,
  REGIONS,
  STACKS,
} from '../core/platform/resources.ts'
import type { Handler, Handlers } from './answer.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'
import type { Releases } from './releases.ts'

/** What is asked about whoever asks, about this machine, and about what nobody has here. */
export function accountHandlers(manifold: OpenManifold, edges: Edges, releases: Releases): Handlers {
  const { app, router } = manifold
  const since = edges.now()

  const always = (body: unknown): Handler => {
    return () => ({ status: 200, body })
  }
  const account: Handler = ({ user }) => ({ status: 200, body: accountJson(user, since) })

  // The one app there is here; whoever knows of more manifolds asks each of them.
  const apps: Handler = () => {
    const now = appNow(app, manifold.formed(), router.isInMaintenance())
    return { status: 200, body: [appJson(now, app, { releases: releases.all(), since })] }
  }

  return [
    ['GET /apps', apps],
    ['GET /account', account],
    ['GET /users/~', account],
    ['GET /regions', always(REGIONS)],
    ['GET /stacks', always(STACKS)],
    ['GET /dyno-sizes', always(DYNO_SIZES)],
    [
      'GET /apps/:/collaborators',
      ({ user }) => ({ status: 200, body: collaborators(app, user, new Date(since).toISOString()) }),
    ],
    ...[...EMPTY, ...EMPTY_OF_PERSON].map((path) => [`GET ${path}`, always([])] as const),
  ]
}
