import type { Launch } from '../core/dyno.ts'
import { SIGNALS } from '../core/effect.ts'
import { Problem } from '../core/problem.ts'
import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'
import { type Life, type LifeEvents, live } from './live.ts'
import { openRendezvous } from './rendezvous.ts'

/** How often and how soon to try again to enter walls that are not there yet, in milliseconds. */
const [TRIES, PAUSE] = [40, 50]

/** How long after SIGHUP, for a client that is gone, SIGKILL comes, in milliseconds. */
const GRACE = 5000

/** Whom a command is run with: the dyno's walls and its first process. */
export type Visited = NonNullable<ReturnType<Life['inside']>>

/** Runs a command within the walls of a dyno that runs, for the client at the end of `wire`; its end is the dyno's at the latest. */
export function visit(
  edges: Edges,
  { walled, leader }: Visited,
  visitor: { name: string; launch: Launch; wire: Wire },
): void {
  const { name, launch } = visitor
  const hungUp = () => {
    life.signal(SIGNALS.HUP)
    edges.wake(GRACE, () => life.signal(SIGNALS.KILL))
  }
  const rendezvous = openRendezvous(
    visitor.wire,
    { hungUp, signalled: (signal) => life.signal(signal) },
    edges.wake,
  )
  const events: LifeEvents = {
    spawned: (child) => rendezvous.spawned(name, child),
    output: rendezvous.output,
    drained: rendezvous.drained,
    remains() {}, // nothing was to be removed
    exited: rendezvous.finish,
  }
  const inside: Edges = {
    ...edges,
    enclose: () => patiently(edges, () => edges.enter(walled, leader, launch)),
    discard: async () => {}, // the filesystem is the dyno's
    endSurvivors: async () => {}, // and so is what the command leaves running there, perhaps with its output
    async spawn(entered, terminal, heard) {
      const left = () => {
        heard.left()
        child.abandon()
      }
      const child = await edges.spawn(entered, terminal, { ...heard, left })
      return child
    },
  }
  const life = live(inside, { name, launch }, events)
}

// A dyno that has just begun may still be building its walls.
async function patiently<T>({ wake }: Pick<Edges, 'wake'>, enter: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await enter()
    } catch (error) {
      if (!(error instanceof Problem) || tries === TRIES) throw error
    }
    await new Promise<void>((resolve) => wake(PAUSE, resolve))
  }
}
