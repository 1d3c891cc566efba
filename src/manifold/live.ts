import type { Child } from '../core/child.ts'
import type { Launch } from '../core/dyno.ts'
import type { Exit } from '../core/exit.ts'
import { asProblem, Problem } from '../core/problem.ts'
import type { Walled } from '../core/walls.ts'
import type { Edges } from './edges.ts'

/** How soon to try again to signal a dyno whose walls are still being built, in milliseconds. */
const RETRY = 20

/** What one life reports, and where its output goes. */
export type LifeEvents = {
  spawned(child: Child): void
  output(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  drained(): void
  /** Something of its filesystem could not be removed. */
  remains(problem: Problem): void
  /** Its output is read, its processes and its filesystem are gone, but for what remains. */
  exited(exit: Exit): void
}

/** One spawn-to-exit of a dyno. */
export type Life = {
  /** To every process of the dyno, by number; before there is one, it waits for it. */
  signal(signal: number): void
  /** Its walls and its first process; undefined before it runs and after. */
  inside(): { readonly walled: Walled; readonly leader: number } | undefined
}

/** Lives one life: a fresh filesystem, a program in its walls, and in the end nothing. */
export function live(edges: Edges, dyno: { name: string; launch: Launch }, events: LifeEvents): Life {
  const early: number[] = []
  let running: { walled: Walled; leader: number } | undefined
  const start = async () => {
    const walled = await edges.enclose(dyno.name, dyno.launch)
    const child = await edges.spawn(walled, dyno.launch.terminal, {
      output: events.output,
      drained: events.drained,
      left: () => {
        running = undefined
        void leave(walled)
      },
      exited: (exit) => void end(exit, walled),
    })
    const leave = async (left: Walled) => {
      await edges.endSurvivors(left)
      // Within folder walls a process can shed its mark. It lives on then, with the dyno's output in its hands: nobody waits.
      if (left.mark !== null) child.abandon()
    }
    return { walled, child }
  }
  const begin = ({ walled, child }: { walled: Walled; child: Child }): void => {
    // A process that was refused has no number, and a signal to -1 goes to everything this user runs.
    if (child.pid > 0) running = { walled, leader: child.pid }
    events.spawned(child)
    for (const signal of early) reach(signal)
  }
  const reach = (signal: number): void => {
    if (!running || edges.signal(running.walled, running.leader, signal)) return
    edges.wake(RETRY, () => reach(signal))
  }
  const end = async (exit: Exit, walled?: Walled) => {
    running = undefined
    if (walled) await edges.endSurvivors(walled)
    await edges.discard(dyno.name).catch((error: unknown) => {
      events.remains(refusal(error, 'What it had on disk cannot be removed'))
    })
    events.exited(exit)
  }
  void start().then(begin, (error: unknown) =>
    end({ how: 'failed', problem: refusal(error, 'The dyno cannot be started') }),
  )
  return {
    signal(signal) {
      if (running) reach(signal)
      else early.push(signal)
    },
    inside: () => running,
  }
}

// What the world refuses (a full disk, no more processes) ends this life; our own mistake ends the manifold.
function refusal(error: unknown, what: string): Problem {
  return asProblem(error, (why) => new Problem('walls', `${what}: ${why}.`))
}
