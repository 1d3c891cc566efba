import type { Child } from '../core/child.ts'
import type { Exit } from '../core/exit.ts'
import type { Wire } from '../core/wire/wire.ts'
import type { Edges } from './edges.ts'
import type { LifeEvents } from './live.ts'
import type { Output } from './logplex.ts'
import { openRendezvous, type Rendezvous } from './rendezvous.ts'

/** Who hears one life of a dyno: the log, and terminals that look on and may type. */
export type Audience = Omit<LifeEvents, 'exited' | 'remains'> & {
  /** One more terminal; what it types goes to the dyno. */
  join(wire: Wire): void
  finish(exit: Exit): void
}

type Viewer = { readonly rendezvous: Rendezvous; missed: number; isBehind: boolean }

/** An audience of the log alone at first. `keepsInput`: whether the dyno's input stays open while nobody types. */
export function openAudience(
  name: string,
  options: { readonly output: Output; readonly keepsInput: boolean; readonly wake: Edges['wake'] },
): Audience {
  const viewers = new Set<Viewer>()
  const { output } = options
  let child: Child | undefined

  // A viewer cannot hold the dyno back, nor end its input: one that reads too slowly misses what comes meanwhile.
  const seenBy = (viewer: Viewer): Child => ({
    ...child!,
    pause: () => {
      viewer.isBehind = true
    },
    resume() {
      const { missed, rendezvous } = viewer
      Object.assign(viewer, { isBehind: false, missed: 0 })
      if (missed > 0)
        rendezvous.output('stdout', new TextEncoder().encode(`\r\n[${missed} bytes missed]\r\n`))
    },
    end() {},
  })

  return {
    spawned(spawned) {
      child = spawned
      if (!options.keepsInput) child.end()
      for (const viewer of viewers) viewer.rendezvous.spawned(name, seenBy(viewer))
    },
    output(stream, chunk) {
      output.take(stream, chunk)
      for (const viewer of viewers) {
        if (viewer.isBehind) viewer.missed += chunk.length
        else viewer.rendezvous.output(stream, chunk)
      }
    },
    drained() {
      for (const { rendezvous } of viewers) rendezvous.drained()
    },
    join(wire) {
      const leave = () => void viewers.delete(viewer)
      const rendezvous = openRendezvous(wire, { hungUp: leave, signalled() {} }, options.wake)
      const viewer: Viewer = { rendezvous, missed: 0, isBehind: false }
      viewers.add(viewer)
      if (child) rendezvous.spawned(name, seenBy(viewer))
    },
    finish(exit) {
      output.end()
      for (const { rendezvous } of viewers) rendezvous.finish(exit)
      viewers.clear()
    },
  }
}
