import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { problemOf } from '../core/api.ts'
import { Problem } from '../core/problem.ts'
import { ask, type Call, NobodyThere, type Reply } from '../edge/dial-manifold.ts'
import { startManifold } from '../edge/start-manifold.ts'
import { makeFolders, type Place } from './place.ts'

/** A manifold that is just leaving when we dial is found gone at the second call; more often is a fault. */
const TRIES = 4

/** What the first dyno will be on: the manifold gets ready for it while the caller prepares its order. */
export type FirstDyno = 'terminal' | 'pipes'

/** Starts the app's manifold if there seems to be none. */
export async function startIfMissing(
  place: Place,
  first: FirstDyno,
): Promise<{ readonly ready: Promise<void> }> {
  return existsSync(place.socket) ? { ready: Promise.resolve() } : start(place, first)
}

/** Asks the app's manifold, which is started if there is none; throws the Problem it answers with. */
export async function order(place: Place, call: Call): Promise<Reply> {
  for (let tries = 1; ; tries++) {
    const reply = await askIfThere(place, call)
    if (reply) return reply
    if (tries === TRIES)
      throw new Problem('manifold', 'The manifold goes away as soon as it is there; try again.')
    await (await start(place)).ready
  }
}

async function start(place: Place, first: FirstDyno = 'pipes'): Promise<{ readonly ready: Promise<void> }> {
  makeFolders(place)
  return { ready: startManifold(place.socket, [place.app.root, first]) }
}

/** Asks the app's manifold if there is one; throws the Problem it answers with. */
export async function askIfThere(place: Place, call: Call): Promise<Reply | undefined> {
  const headers = { 'X-User': encodeURIComponent(userInfo().username), ...call.headers }
  try {
    const reply = await ask(place.socket, { ...call, headers })
    if (reply.status >= 400) throw problemOf(reply.status, reply.body)
    return reply
  } catch (error) {
    if (error instanceof NobodyThere) return undefined
    throw error
  }
}
