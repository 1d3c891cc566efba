import { manifoldEnding, noFormation, noSuchDyno } from '../core/absence.ts'
import { type DynoJson, type DynoRequest, dynoJson, dynoRequest } from '../core/api/api.ts'
import { resolveCommand } from '../core/command.ts'
import type { Dyno, Launch } from '../core/dyno.ts'
import { type Environment, PROMPT } from '../core/environment.ts'
import { oneOffPort } from '../core/ports.ts'
import { Problem } from '../core/problem.ts'
import { type Stack, stackEnvironment } from '../core/release.ts'
import { overlaid } from '../core/release-record.ts'
import { named } from '../core/safe-text.ts'
import type { Handler, Handlers } from './answer.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'
import { type Releases, releaseStack } from './releases.ts'
import type { Tickets } from './tickets.ts'
import { visit } from './visit.ts'

/** What is asked about dynos: list, create, restart, stop, look on, run something inside. */
export function dynoHandlers(
  manifold: OpenManifold,
  edges: Edges,
  { tickets, releases, lent }: Desk,
): Handlers {
  const { app } = manifold
  let newest: Stack | undefined

  const json = (dyno: Dyno, attachUrl: string | null = null): DynoJson => {
    const { version } = dyno
    // Only who runs on a release needs them read.
    const release = version === null ? undefined : releases.all().find((each) => each.version === version)
    return dynoJson(dyno, { app, release, attachUrl })
  }

  const find = (name: string | undefined): Dyno => {
    const dyno = manifold.dynos().find((each) => each.name === name || each.id === name)
    if (dyno) return dyno
    throw noSuchDyno(
      name,
      manifold.dynos().map((each) => each.name),
    )
  }

  const stackFor = (request: DynoRequest): { stack: Stack; version: number | null } => {
    if (request.release) {
      const record = releases.find(request.release.name)
      return { stack: releaseStack(record, request.release.caller), version: record.version }
    }
    if (request.stack) {
      const { config } = request.stack
      const stack = { ...request.stack, config: overlaid(config, releases.current()?.settings ?? {}) }
      return { stack, version: null }
    }
    const running = manifold.formed()?.release
    if (running) return { stack: running.stack, version: running.version }
    const current = releases.current()
    if (current && current.slug !== null) {
      const { version } = releases.find(current.id)
      return { stack: releaseStack(current, lent()), version }
    }
    if (newest) return { stack: newest, version: null }
    throw new Problem('invalid', "This app has no release yet; make one with 'dyno release' in its folder.")
  }

  const create: Handler = ({ body, user }) => {
    const request = dynoRequest(body)
    if (manifold.isClosing()) throw manifoldEnding()
    const { stack, version } = stackFor(request)
    checkType(request, stack)
    newest = stack
    const id = edges.id()
    const launch = (name: string, number: number) =>
      launchOf(request, stack, { name, port: oneOffPort(number) })
    const { command, size, attach: attached } = request
    manifold.post({ order: 'run', id, command, size, attached, user, version, launch })
    const dyno = manifold.dynos().find((each) => each.id === id)!
    if (request.timeToLive !== undefined) limit(dyno, request.timeToLive)
    const warning = edges.warning()
    const told = warning === undefined ? {} : { warning }
    if (!attached) return { status: 201, body: json(dyno), ...told }
    const url = tickets.issue((wire, asked) => {
      const awaiting = manifold.dynos().find((each) => each.id === id && each.state.is === 'awaiting')
      if (!awaiting) throw new Problem('not-found', 'No one-off is waiting for you there.')
      manifold.attach(awaiting, wire(), asked)
    })
    // A client that is gone before it hears of its one-off will not come for it.
    const unheard = () => manifold.post({ fact: 'hung up', life: dyno.life })
    return { status: 201, body: json(dyno, url), ...told, unheard }
  }

  // Seconds of life that somebody gave it.
  const limit = ({ life, name }: Dyno, seconds: number): void => {
    const cancel = edges.wake(seconds * 1000, () => manifold.post({ order: 'stop', name }))
    void manifold.finished(life).then(cancel)
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
    const url = tickets.issue((wire, asked) => {
      const inside = manifold.inside(dyno)
      if (!inside) throw notRunning(dyno.name)
      const { environment } = dyno.launch
      const terminal = asked === undefined ? request.terminal : asked
      const extra = { ...request.extra, ...(terminal ? PROMPT : {}) }
      const launch: Launch = {
        ...dyno.launch,
        line: request.command,
        environment: { ...environment, ...extra },
        terminal,
      }
      visit(edges, inside, { name: dyno.name, launch, wire: wire() })
    })
    return { status: 201, body: { ...json(dyno, url), command: request.command } }
  }

  return [
    ['GET /apps/:/dynos', () => ({ status: 200, body: manifold.dynos().map((dyno) => json(dyno)) })],
    ['POST /apps/:/dynos', create],
    ['DELETE /apps/:/dynos', restartAll],
    ['GET /apps/:/dynos/:', (_, parts) => ({ status: 200, body: json(find(parts[3])) })],
    ['POST /apps/:/dynos/:', runInside],
    ['POST /apps/:/dynos/:/actions/stop', stop],
    ['POST /apps/:/dynos/:/actions/attach', look],
    ['DELETE /apps/:/dynos/:', stop],
  ]
}

/** What those who answer share. */
export type Desk = {
  readonly tickets: Tickets
  readonly releases: Releases
  /** What the shell lends a dyno of whoever opened the API to strangers. */
  readonly lent: () => Environment
}

/** Gives these dynos of the formation a new life; waits for the end of the old ones where that is preferred. */
export async function restart(manifold: OpenManifold, dynos: readonly Dyno[], prefer: string): Promise<void> {
  const formation = dynos.filter(({ kind }) => kind === 'formation')
  manifold.post({ order: 'restart', names: formation.map(({ name }) => name) })
  if (prefer.includes('wait')) await Promise.all(formation.map(({ life }) => manifold.finished(life)))
}

function checkType({ type }: DynoRequest, { processTypes }: Stack): void {
  if (type === undefined || processTypes.has(type)) return
  const known = [...processTypes.keys()].join(', ') || 'no types'
  throw new Problem(
    'not-found',
    `Couldn't find that process type: there is no ${named(type)}. The Procfile has ${known}.`,
  )
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
