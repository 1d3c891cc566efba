import { appJson, appNow } from '../core/api/app-api.ts'
import {
  accountJson,
  collaborators,
  EMPTY,
  EMPTY_OF_PERSON,
  KNOWN,
  oneKnown,
  personOf,
} from '../core/platform/resources.ts'
import { Problem } from '../core/problem.ts'
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

  const person: Handler = (request, parts) => {
    const { id, email } = personOf(request.user)
    if (['~', id, email, request.user].includes(parts[1]!)) return account(request, parts)
    throw new Problem('not-found', "Couldn't find that user.")
  }

  // The one app there is here; whoever knows of more manifolds asks each of them.
  const apps: Handler = () => {
    const now = appNow(app, manifold.formed(), router.isInMaintenance())
    return { status: 200, body: [appJson(now, app, { releases: releases.all(), since })] }
  }

  return [
    ['GET /apps', apps],
    ['GET /account', account],
    ['GET /users/:', person],
    ...KNOWN.map(({ path, list }) => [`GET ${path}`, always(list)] as const),
    ...KNOWN.map(({ path, what, list }): Handlers[number] => [
      `GET ${path}/:`,
      (_, [, name]) => ({ status: 200, body: oneKnown(list, name!, what) }),
    ]),
    [
      'GET /apps/:/collaborators',
      ({ user }) => ({ status: 200, body: collaborators(app, user, new Date(since).toISOString()) }),
    ],
    ...[...EMPTY, ...EMPTY_OF_PERSON].map((path) => [`GET ${path}`, always([])] as const),
  ]
}
