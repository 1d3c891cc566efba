import { manifoldEnding, noFormation } from '../core/absence.ts'
import type { Answer, Request } from '../core/api/exchange.ts'
import { record } from '../core/api/fields.ts'
import {
  type FormationJson,
  formationJson,
  newPorts,
  type StartRequest,
  scaleRequest,
  startRequest,
} from '../core/api/formation-api.ts'
import { applyUpdates } from '../core/formation.ts'
import type { Formed } from '../core/manifold.ts'
import { Problem } from '../core/problem.ts'
import { named } from '../core/safe-text.ts'
import type { Handler, Handlers } from './answer.ts'
import { claimPorts } from './claim-ports.ts'
import { type Desk, restart } from './dyno-answers.ts'
import type { Edges } from './edges.ts'
import type { OpenManifold } from './open.ts'
import { deployed } from './release-answers.ts'
import { releaseStack } from './releases.ts'
import type { Admission } from './tickets.ts'
import { takeTurns } from './turns.ts'

/** What is asked about the formation: start it, list it, scale it, restart a type, end it. */
export function formationHandlers(
  manifold: OpenManifold,
  edges: Edges,
  { tickets, releases, closeApi }: Desk & { readonly closeApi: () => void },
): Handlers {
  const { app } = manifold

  const formed = (): Formed => {
    const there = manifold.formed()
    if (there?.held) return there
    throw noFormation()
  }

  const listed = (): FormationJson[] => {
    const there = manifold.formed()
    if (!there) return []
    const { version, stack } = there.release
    const since = releases.all().find((each) => each.version === version)?.createdAt ?? edges.now()
    return formationJson(there.wanted, { types: stack.processTypes, since }, app)
  }

  const already = () =>
    new Problem('conflict', `A formation of this app already runs (pid ${edges.pid}); ${SEE}`)

  // One after the other: what is free for one is still free when it begins.
  const inTurn = takeTurns()
  const start: Handler = (request) => {
    const asked = startRequest(request.body)
    return inTurn(() => begin(asked, request))
  }

  let starts = 0
  const begin = async (
    { release: asked, formation, leased }: StartRequest,
    { user, hasLeft }: Request,
  ): Promise<Answer> => {
    if (manifold.formed()?.held) throw already()
    await manifold.dissolved() // one that nobody holds any more ends by itself, and leaves its ports
    if (hasLeft?.()) throw new Problem('conflict', 'Whoever wanted this formation has left.')
    if (manifold.isClosing()) throw manifoldEnding()
    await claimPorts(edges, asked, formation)
    if (asked.router) await manifold.router.open(asked.router)
    try {
      const { caller } = asked.stack
      const make = deployed(asked.stack)
      const record = await releases.create({ user, caller, make, withoutCommand: true })
      const release = { ...asked, version: record.version, stack: releaseStack(record, caller) }
      manifold.post({ order: 'release', release, formation, user })
    } catch (error) {
      manifold.router.close()
      throw error
    }
    return answered(leased, ++starts)
  }

  // Its holder comes for this one, whatever was started since.
  const answered = (leased: boolean, number: number): Answer => {
    const warning = edges.warning()
    const told = warning === undefined ? {} : { warning }
    if (!leased) return { status: 201, body: { formation: listed(), attach_url: null }, ...told }
    const isThere = () => starts === number && manifold.formed() !== null
    const letGo = () => {
      if (isThere()) manifold.post({ order: 'let go' })
    }
    const hold: Admission = (wire) => {
      if (!isThere()) throw new Problem('not-found', 'The formation that you come for has ended.')
      manifold.hold(wire())
    }
    const url = tickets.issue(hold, letGo)
    return { status: 201, body: { formation: listed(), attach_url: url }, ...told, unheard: letGo }
  }

  // What runs may change while a port is looked at: only what it comes to then is asked for.
  const scale: Handler = async ({ body, user }) => {
    const updates = scaleRequest(body)
    const claimed = new Set<number>()
    for (;;) {
      const { release, wanted } = formed()
      const formation = applyUpdates(wanted, updates, [...release.stack.processTypes.keys()])
      const port = newPorts(release, formation, manifold.dynos()).find((each) => !claimed.has(each))
      if (port === undefined) {
        manifold.post({ order: 'scale', formation, user })
        return { status: 200, body: listed() }
      }
      await edges.claimPort(port)
      claimed.add(port)
    }
  }

  const one = (type: string) => {
    const found = listed().find((each) => each.type === type || each.id === type)
    if (found) return { status: 200, body: found }
    throw new Problem('not-found', `Couldn't find that process type: there is no ${named(type)}.`)
  }

  const scaleOne: Handler = async (request, parts) => {
    const { type } = one(parts[3]!).body
    await scale({ ...request, body: { updates: [{ ...record(request.body, 'The request'), type }] } }, parts)
    return one(type)
  }

  const ofType = (type = '') => {
    const found = manifold.dynos().filter(({ name }) => name.startsWith(`${type}.`))
    if (found.length > 0) return found
    const known = [...(manifold.formed()?.release.stack.processTypes.keys() ?? [])].join(', ')
    throw new Problem(
      'not-found',
      `No ${named(type)} dyno runs.${known ? ` The Procfile has ${known}.` : ''}`,
    )
  }

  const restartType: Handler = async ({ prefer }, [, , , type]) => {
    await restart(manifold, ofType(type), prefer)
    return { status: 202, body: {} }
  }

  const stopType: Handler = async ({ prefer }, [, , , type]) => {
    const dynos = ofType(type)
    for (const { name } of dynos) manifold.post({ order: 'stop', name })
    if (prefer.includes('wait')) await Promise.all(dynos.map(({ life }) => manifold.finished(life)))
    return { status: 202, body: {} }
  }

  // Everything, one-offs and the API for strangers too: what `dyno down` asks for. The manifold itself goes at once where
  // it is told so, and with `kill` no dyno is waited for.
  const down: Handler = async ({ body, prefer }) => {
    const asked = (body ?? {}) as { readonly manifold?: unknown; readonly kill?: unknown }
    const lives = manifold.dynos().map(({ life }) => life)
    closeApi()
    if (asked.manifold === true) manifold.close()
    else manifold.post(asked.kill === true ? { order: 'kill', oneOffs: true } : { order: 'close' })
    if (prefer.includes('wait')) await Promise.all([manifold.dissolved(), ...lives.map(manifold.finished)])
    return { status: 202, body: {} }
  }

  return [
    ['GET /apps/:/formation', () => ({ status: 200, body: listed() })],
    ['POST /apps/:/formation', start],
    ['PATCH /apps/:/formation', scale],
    ['GET /apps/:/formation/:', (_, parts) => one(parts[3]!)],
    ['PATCH /apps/:/formation/:', scaleOne],
    ['DELETE /apps/:/formation', down],
    ['DELETE /apps/:/formations/:', restartType],
    ['POST /apps/:/formations/:/actions/stop', stopType],
  ]
}

const SEE = "see it with 'dyno ps' and 'dyno logs -t', end it with 'dyno down'."
