import { apiError, type DynoRequest, dynoJson, dynoRequest, type Stack } from '../core/api.ts'
import { resolveCommand } from '../core/command.ts'
import type { Dyno, Launch } from '../core/dyno.ts'
import { dynoEnvironment, oneOffPort } from '../core/environment.ts'
import type { Answer, Request } from '../core/exchange.ts'
import { Problem } from '../core/problem.ts'
import type { Wire } from '../core/wire.ts'
import type { Edges } from './edges.ts'
import { openLogSessions } from './log-sessions.ts'
import type { OpenManifold } from './open.ts'

/** The Platform API over one manifold. */
export type Api = {
  answer(request: Request): Promise<Answer>
  /** Takes a client's connection to an awaiting one-off; throws a Problem when there is none. */
  attach(path: string, wire: () => Wire): void
}

type Handler = (request: Request, parts: readonly string[]) => Answer | Promise<Answer>

export function openApi(manifold: OpenManifold, edges: Pick<Edges, 'id' | 'warning'>): Api {
  const { app } = manifold
  const tickets = new Map<string, number>()
  const sessions = openLogSessions(manifold)
  let newest: Stack | undefined

  const find = (name: string | undefined): Dyno => {
    const dyno = manifold.dynos().find((each) => each.name === name || each.id === name)
    if (dyno) return dyno
    const names = manifold.dynos().map((each) => each.name)
    const known = names.length > 0 ? `These run: ${names.join(', ')}.` : 'No dyno runs.'
    throw new Problem('not-found', `Couldn't find that dyno: there is no ${name}. ${known}`)
  }

  const create: Handler = ({ body, user }) => {
    const request = dynoRequest(body)
    if (manifold.isClosing()) throw new Problem('manifold', 'The manifold is about to end; try again.')
    const stack = request.stack ?? newest
    if (!stack)
      throw new Problem('invalid', "This app has no release yet; run 'dyno run' once in its folder.")
    newest = stack
    const id = edges.id()
    const launch = (name: string, number: number) => launchOf(request, stack, name, number)
    const { command, size, attach: attached } = request
    manifold.post({ order: 'run', id, command, size, attached, user, launch })
    const dyno = manifold.dynos().find((each) => each.id === id)!
    const ticket = edges.id()
    if (attached) tickets.set(ticket, dyno.life)
    const warning = edges.warning()
    const json = dynoJson(dyno, app, attached ? `/attach/${ticket}` : null)
    // A client that is gone before it hears of its one-off will not come for it.
    const unheard = attached ? { unheard: () => manifold.post({ fact: 'hung up', life: dyno.life }) } : {}
    return { status: 201, body: json, ...(warning === undefined ? {} : { warning }), ...unheard }
  }

  const stop: Handler = async ({ prefer }, [, , , name]) => {
    const { life, name: stopped } = find(name)
    manifold.post({ order: 'stop', name: stopped })
    if (prefer.includes('wait')) await manifold.finished(life)
    return { status: 202, body: {} }
  }

  const createLogSession: Handler = ({ body }) => {
    const id = edges.id()
    return { status: 201, body: { id, logplex_url: sessions.create(body, id) } }
  }

  // Method and path; `:` stands for anything. The app's name is checked below.
  const routes: readonly (readonly [string, Handler])[] = [
    ['GET /apps/:', () => ({ status: 200, body: { id: app.id, name: app.name } })],
    ['GET /apps/:/dynos', () => ({ status: 200, body: manifold.dynos().map((dyno) => dynoJson(dyno, app)) })],
    ['POST /apps/:/dynos', create],
    ['GET /apps/:/dynos/:', (_, parts) => ({ status: 200, body: dynoJson(find(parts[3]), app) })],
    ['POST /apps/:/dynos/:/actions/stop', stop],
    ['DELETE /apps/:/dynos/:', stop],
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
    attach(path, wire) {
      const ticket = path.replace('/attach/', '')
      const life = tickets.get(ticket)
      const dyno = manifold.dynos().find((each) => each.life === life && each.state.is === 'awaiting')
      tickets.delete(ticket)
      if (!dyno) throw new Problem('not-found', 'No one-off is waiting for you there.')
      manifold.attach(dyno, wire())
    },
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

function launchOf(request: DynoRequest, stack: Stack, name: string, number: number): Launch {
  const environment = dynoEnvironment({
    caller: stack.caller,
    config: stack.config,
    extra: request.extra,
    dyno: name,
    port: oneOffPort(number),
    home: '/app',
    tty: request.terminal !== null,
  })
  const line = resolveCommand(request.command, stack.processTypes)
  return { line, slug: stack.slug, environment, terminal: request.terminal, walls: request.walls }
}
