import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { problemOf } from '../core/api/api-error.ts'
import { Problem } from '../core/problem.ts'
import { ask, type Call, isThere, NobodyThere, type Reply } from '../edge/dial-manifold.ts'
import { SLOW, START_TIMEOUT, startManifold } from '../edge/start-manifold.ts'
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
  return { ready: ready(place, first) }
}

/** How often a manifold that somebody else has started is dialled before we start one again, and how soon, in milliseconds. */
const [DIALS, PAUSE] = [10, 50]

// Any manifold that can be dialled will do. One that has the app's lock and cannot may be clearing what was left of a
// former one, and will soon be there; or it is about to leave.
async function ready({ app, socket }: Place, first: FirstDyno): Promise<void> {
  for (const giveUp = Date.now() + START_TIMEOUT; Date.now() < giveUp; ) {
    if ((await startManifold([app.root, first])) === 'ready') return
    for (let dials = 0; dials < DIALS; dials++) {
      if (await isThere(socket)) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
  throw new Problem('manifold', SLOW)
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
