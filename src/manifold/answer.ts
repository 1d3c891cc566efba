import { type Answer, pathMatches, type Request, type ServedApi } from '../core/api/exchange.ts'
import { Problem } from '../core/problem.ts'
import { accountHandlers } from './account-answers.ts'
import { appHandlers } from './app-answers.ts'
import { dynoHandlers } from './dyno-answers.ts'
import type { Edges } from './edges.ts'
import { faultAnswer } from './fault.ts'
import { formationHandlers } from './formation-answers.ts'
import { heardOut } from './hear-out.ts'
import { openLogSessions } from './log-sessions.ts'
import type { OpenManifold } from './open.ts'
import { openPlatform } from './platform/open-platform.ts'
import { releaseHandlers } from './release-answers.ts'
import { openReleases } from './releases.ts'
import { openSlugs } from './slugs.ts'
import { openTickets } from './tickets.ts'

/** The Platform API over one manifold. */
export type Api = ServedApi<Promise<Answer>>

/** Answers one kind of request; `parts` are those of its path. */
export type Handler = (request: Request, parts: readonly string[]) => Answer | Promise<Answer>

/** Requests by method and path, such as `GET /apps/:`, in which `:` stands for anything; and what answers each. */
export type Handlers = readonly (readonly [route: string, handler: Handler])[]

export function openApi(manifold: OpenManifold, edges: Edges): Api {
  const { app } = manifold
  const tickets = openTickets(edges)
  const releases = openReleases(manifold, edges)
  const sessions = openLogSessions(manifold)

  const slugs = openSlugs(edges, releases)
  const platform = openPlatform(manifold, edges, { releases, tickets, api: () => api })
  const desk = { tickets, releases, lent: platform.lent }

  const createLogSession: Handler = ({ body }) => {
    const [id, at] = [edges.id(), new Date(edges.now()).toISOString()]
    return {
      status: 201,
      body: { id, logplex_url: sessions.create(body, id), created_at: at, updated_at: at },
    }
  }

  // The app's name is checked below.
  const routes: Handlers = [
    ...appHandlers(manifold),
    ...accountHandlers(manifold, edges, releases),
    ...dynoHandlers(manifold, edges, desk),
    ...formationHandlers(manifold, edges, { ...desk, closeApi: platform.close }),
    ...releaseHandlers(manifold, { ...desk, slugs }),
    ...slugs.handlers,
    ...platform.handlers,
    ['POST /apps/:/log-sessions', createLogSession],
    ['GET /logs/:', (_, [, id]) => sessions.read(id!)],
  ]

  const api: Api = {
    async answer(request) {
      const release = manifold.lease()
      try {
        const parts = request.path.split('/').slice(1)
        const route = routes.find(([pattern]) => pathMatches(pattern, request.method, parts))
        if (!route) throw new Problem('not-found', `There is no ${request.method} ${request.path}.`)
        if (parts[0] === 'apps' && parts.length > 1 && parts[1] !== app.name && parts[1] !== app.id) {
          throw new Problem('not-found', `Couldn't find that app: this manifold is ${app.name}'s.`)
        }
        return await route[1](request, parts)
      } catch (error) {
        return api.fault(error)
      } finally {
        release()
      }
    },
    fault: (error) => faultAnswer(manifold.logplex, error),
    attach: (path, wire, terminal) => tickets.admit(path, () => heardOut(wire(), manifold, edges), terminal),
  }
  return api
}
