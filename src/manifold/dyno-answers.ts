import { noFormation, noSuchDyno } from '../core/absence.ts'
import { type DynoRequest, dynoJson, dynoRequest } from '../core/api.ts'
import { resolveCommand } from '../core/command.ts'
import type { Dyno, Launch } from '../core/dyno.ts'
import { oneOffPort, PROMPT } from '../core/environment.ts'
import { Problem } from '../core/problem.ts'
import { type Stack, stackEnvironment } from '../core/release.ts'
import { overlaid } from '../core/release-record.ts'
import type { Handler } from './answer.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'
import { type Releases, releaseStack } from './releases.ts'
import type { Tickets } from './tickets.ts'
import { visit } from './visit.ts'

/** What is asked about dynos: list, create, restart, stop, look on, run something inside. */
export function dynoHandlers(
  manifold: OpenManifold,
  edges: Edges,
  { tickets, releases }: { readonly tickets: Tickets; readonly releases: Releases },
): readonly (readonly [route: string, handler: Handler])[] {
  const { app } = manifold
  let newest: Stack | undefined

  const find = (name: string | undefined): Dyno => {
    const dyno = manifold.dynos().find((each) => each.name === name || each.id === name)
    if (dyno) return dyno
    throw noSuchDyno(
      name,
      manifold.dynos().map((each) => each.name),
    )
  }

  const stackFor = (request: DynoRequest): Stack => {
    if (request.release) return releaseStack(releases.find(request.release.name), request.release.caller)
    if (request.stack) {
      const { config } = request.stack
      return { ...request.stack, config: overlaid(config, releases.current()?.settings ?? {}) }
    }
    const stack = manifold.formed()?.release.stack ?? newest
    if (stack) return stack
    throw new Problem('invalid', "This app has no release yet; run 'dyno run' once in its folder.")
  }

  const create: Handler = ({ body, user }) => {
    const request = dynoRequest(body)
    if (manifold.isClosing()) throw new Problem('manifold', 'The manifold is about to end; try again.')
    const stack = stackFor(request)
    newest = stack
    const id = edges.id()
    const launch = (name: string, number: number) =>
      launchOf(request, stack, { name, port: oneOffPort(number) })
    const { command, size, attach: attached } = request
    manifold.post({ order: 'run', id, command, size, attached, user, launch })
    const dyno = manifold.dynos().find((each) => each.id === id)!
    const warning = edges.warning()
    const told = warning === undefined ? {} : { warning }
    if (!attached) return { status: 201, body: dynoJson(dyno, app), ...told }
    const url = tickets.issue((wire) => {
      const awaiting = manifold.dynos().find((each) => each.id === id && each.state.is === 'awaiting')
      if (!awaiting) throw new Problem('not-found', 'No one-off is waiting for you there.')
      manifold.attach(awaiting, wire())
    })
    // A client that is gone before it hears of its one-off will not come for it.
    const unheard = () => manifold.post({ fact: 'hung up', life: dyno.life })
    return { status: 201, body: dynoJson(dyno, app, url), ...told, unheard }
  }

  const stop: Handler = async ({ prefer }, [, , , name]) => {
    const { life, name: stopped } = find(name)
    manifold.post({ order: 'stop', name: stopped })
    if (prefer.includes('wait')) await manifold.finished(life)
    return { status: 202, body: {} }
  }

  // Every dyno of the formation; a one-off is never restarted.
  const restartAll: Handler = async ({ prefer }) => {
    if (!manifold.formed()) throw noFormation()
    await restart(manifold, manifold.dynos(), prefer)
    return { status: 202, body: {} }
  }

  const look: Handler = (_, [, , , name]) => {
    const { name: seen, kind } = find(name)
    if (kind === 'one-off') {
      throw new Problem('invalid', `${seen} is a one-off, and its terminal is its client's; attach to web.1.`)
    }
    const url = tickets.issue((wire) => {
      if (!manifold.view(find(seen), wire)) throw notRunning(seen)
    })
    return { status: 201, body: { name: seen, attach_url: url } }
  }

  const runInside: Handler = ({ body }, [, , , name]) => {
    const request = dynoRequest(body)
    const dyno = find(name)
    const url = tickets.issue((wire) => {
      const inside = manifold.inside(dyno)
      if (!inside) throw notRunning(dyno.name)
      const { environment } = dyno.launch
      const extra = { ...request.extra, ...(request.terminal ? PROMPT : {}) }
      const launch: Launch = {
        ...dyno.launch,
        line: request.command,
        environment: { ...environment, ...extra },
        terminal: request.terminal,
      }
      visit(edges, inside, { name: dyno.name, launch, wire: wire() })
    })
    return { status: 201, body: { ...dynoJson(dyno, app, url), command: request.command } }
  }

  return [
    ['GET /apps/:/dynos', () => ({ status: 200, body: manifold.dynos().map((dyno) => dynoJson(dyno, app)) })],
    ['POST /apps/:/dynos', create],
    ['DELETE /apps/:/dynos', restartAll],
    ['GET /apps/:/dynos/:', (_, parts) => ({ status: 200, body: dynoJson(find(parts[3]), app) })],
    ['POST /apps/:/dynos/:', runInside],
    ['POST /apps/:/dynos/:/actions/stop', stop],
    ['POST /apps/:/dynos/:/actions/attach', look],
    ['DELETE /apps/:/dynos/:', stop],
  ]
}

/** Gives these dynos of the formation a new life; waits for the end of the old ones where that is preferred. */
export async function restart(manifold: OpenManifold, dynos: readonly Dyno[], prefer: string): Promise<void> {
  const regular = dynos.filter(({ kind }) => kind === 'regular')
  manifold.post({ order: 'restart', names: regular.map(({ name }) => name) })
  if (prefer.includes('wait')) await Promise.all(regular.map(({ life }) => manifold.finished(life)))
}

function notRunning(name: string): Problem {
  return new Problem('not-found', `${name} does not run at the moment.`)
}

function launchOf(
  request: DynoRequest,
  stack: Stack,
  { name, port }: { name: string; port: number },
): Launch {
  const { extra, terminal, walls, live } = request
  const environment = stackEnvironment(stack, { extra, dyno: name, port, terminal })
  const line = resolveCommand(request.command, stack.processTypes)
  return { line, slug: stack.slug, environment, terminal, walls, ...(live === undefined ? {} : { live }) }
}
