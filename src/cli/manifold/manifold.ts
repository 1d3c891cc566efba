import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
import { PATIENCE } from '../../core/patience.ts'
import { Problem } from '../../core/problem.ts'
import { serveApi } from '../../edge/api/serve-api.ts'
import { holdLock } from '../../edge/hold-lock.ts'
import { keptNumber } from '../../edge/keep-number.ts'
import { openApi } from '../../manifold/answer.ts'
import { openManifold } from '../../manifold/open.ts'
import { makeFolders, type Place, placeOf } from '../place.ts'
import { buildWorld } from './world.ts'

/**
 * The hidden verb: is the manifold of one app until nobody needs it. Says `ready` or `taken`, or what is wrong. The
 * second word, if there is one, is what its starter is about to ask for: a dyno on a `terminal` or on `pipes`.
 */
export async function serveManifold([root, first]: readonly string[]): Promise<number> {
  process.umask(0o022)
  try {
    const place = placeOf(root!)
    makeFolders(place)
    recordCrashes(place)
    if (!holdLock(place.folders.runtime, place.app.key)) {
      say('taken')
      return 0
    }
    await serve(place, first === 'terminal')
    return 0
  } catch (error) {
    say(error instanceof Problem ? error.message : `The manifold cannot start: ${(error as Error).message}.`)
    return 1
  }
}

async function serve(place: Place, terminal: boolean): Promise<void> {
  const dismissed = heedSignals()
  const world = await buildWorld(place)
  try {
    const { app, socket, state } = place
    const { edges } = world
    await world.prepare(terminal)
    const manifold = openManifold({ app, edges, nextOneOff: keptNumber(state), patience: PATIENCE })
    if (world.cleared) manifold.logplex.tell(world.cleared)
    const stop = await serveApi(socket, openApi(manifold, edges))
    void dismissed.then(manifold.close)
    say('ready')
    await manifold.ended
    stop()
  } finally {
    world.close()
  }
}

// From the first moment on, so that a half-built world is taken down again and not just left.
function heedSignals(): Promise<void> {
  process.on('SIGHUP', () => {}) // the terminal that happened to start us means nothing
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => resolve())
  })
}

// The starter reads one line; after it our standard output leads nowhere.
function say(words: string): void {
  try {
    writeSync(1, `${words}\n`)
  } catch (error) {
    // The starter found something wrong meanwhile and has left; we shall be idle, and leave as well.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
  closeSync(1)
  openSync('/dev/null', 'w')
}

// Nobody reads our standard error: what should never happen is written where a person can find it. That too many files
// are open can be what has happened: one is kept back.
function recordCrashes({ state }: Place): void {
  const spare = openSync('/dev/null', 'r')
  process.on('uncaughtException', (error) => {
    closeSync(spare)
    appendFileSync(`${state}/crashes`, `${new Date().toISOString()} ${error.stack}\n`)
    process.exit(70)
  })
}
