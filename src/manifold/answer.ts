import { apiError } from '../core/api.ts'
import type { Answer, Request } from '../core/exchange.ts'
import { Problem } from '../core/problem.ts'
import type { Wire } from '../core/wire.ts'
import { appHandlers } from './app-answers.ts'
import { dynoHandlers } from './dyno-answers.ts'
import type { Edges } from './edges.ts'
import { formationHandlers } from './formation-answers.ts'
import { openLogSessions } from './log-sessions.ts'
import type { OpenManifold } from './open.ts'
import { releaseHandlers } from './release-answers.ts'
import { openReleases } from './releases.ts'
import { openTickets } from './tickets.ts'

/** The Platform API over one manifold. */
export type Api = {
  answer(request: Request): Promise<Answer>
  /** Takes a client's connection to an awaiting one-off; throws a Problem when there is none. */
  attach(path: string, wire: () => Wire): void
}

/** Answers one kind of request; `parts` are those of its path. */
export type Handler = (request: Request, parts: readonly string[]) => Answer | Promise<Answer>

export function openApi(manifold: OpenManifold, edges: Edges): Api {
  const { app } = manifold
  const tickets = openTickets(edges)
  const releases = openReleases(manifold, edges)
  const sessions = openLogSessions(manifold)

  const createLogSession: Handler = ({ body }) => {
    const id = edges.id()
    return { status: 201, body: { id, logplex_url: sessions.create(body, id) } }
  }

  // Method and path; `:` stands for anything. The app's name is checked below.
  const routes: readonly (readonly [string, Handler])[] = [
    ...appHandlers(manifold),
    ...dynoHandlers(manifold, edges, { tickets, releases }),
    ...formationHandlers(manifold, edges, { tickets, releases }),
    ...releaseHandlers(manifold, releases),
    ['POST /apps/:/log-sessions', createLogSession],
    ['GET /logs/:', (_, [, id]) => sessions.read(id!)],
  ]

  return {
    async answer(request) {
      const release = manifold.lease()
      try {
        const parts = request.path.split('/').slice(1)
        const route = routes.find(([pattern]) => matches(pattern, request.method, parts))
        if (!route) throw new Problem('not-found', `There is no ${request.method} ${request.path}.`)
        if (parts[0] === 'apps' && parts[1] !== app.name && parts[1] !== app.id) {
          throw new Problem('not-found', `Couldn't find that app: this manifold is ${app.name}'s.`)
        }
        return await route[1](request, parts)
      } catch (error) {
        if (error instanceof Problem) return apiError(error)
        throw error
      } finally {
        release()
      }
    },
    attach: tickets.admit,
  }
}

function matches(pattern: string, method: string, parts: readonly string[]): boolean {
  const [wanted, path] = pattern.split(' ')
  const pieces = path!.split('/').slice(1)
  return (
    wanted === method &&
    pieces.length === parts.length &&
    pieces.every((piece, i) => piece === ':' || piece === parts[i])
  )
}
