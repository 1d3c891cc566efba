import type { Dyno } from '../core/dyno.ts'
import type { Formed } from '../core/manifold.ts'
import type { RouterPort } from '../core/router/passage.ts'
import { chooseDyno, ROUTER_PATIENCE, type RouterSettings, routerUrl } from '../core/router/router.ts'
import { routerLine } from '../core/router/router-line.ts'
import type { Edges } from './edges.ts'
import { openPassages } from './passages.ts'

/** What the router sees of the manifold, and tells it. */
export type Around = {
  dynos(): readonly Dyno[]
  formed(): Formed | null
  log(message: string): void
}

/** Sends requests to the web dynos that are up. */
export type Router = {
  /** Opens its port; throws a Problem when somebody else has it. */
  open(settings: RouterSettings): Promise<void>
  /** The manifold has changed: requests that wait may go on. */
  changed(): void
  /** Calls back when no request runs on this life any more. */
  drain(life: number, call: () => void): void
  /** How many requests it has answered. */
  answered(): number
  isInMaintenance(): boolean
  setMaintenance(on: boolean): void
  close(): void
}

export function openRouter(around: Around, edges: Pick<Edges, 'now' | 'wake' | 'serveRouter'>): Router {
  let port: RouterPort | undefined
  let settings: Pick<RouterSettings, 'queue' | 'quarantine'> = ROUTER_PATIENCE
  let isInMaintenance = false
  let answered = 0
  let lives: ReadonlySet<number> = new Set()
  const quarantined = new Map<number, number>()
  const running = new Map<number, number>()
  const draining = new Map<number, () => void>()

  const passages = openPassages({
    choose(seeker) {
      const [formed, dynos] = [around.formed(), around.dynos()]
      const choice = { formed, dynos, isInMaintenance, quarantined, waiting: passages.waiting() }
      return chooseDyno(choice, { ...seeker, now: edges.now(), chance: Math.random() })
    },
    patience: (call) => edges.wake(settings.queue, call),
    count(life, by) {
      const left = (running.get(life) ?? 0) + by
      running.set(life, left)
      if (left > 0) return
      running.delete(life)
      draining.get(life)?.()
      draining.delete(life)
    },
    quarantine(life) {
      quarantined.set(life, edges.now() + settings.quarantine)
      edges.wake(settings.quarantine + 1, passages.look)
    },
  })

  const forget = (life: number): void => {
    port?.forget(life)
    quarantined.delete(life)
    draining.delete(life)
  }

  return {
    async open(wanted) {
      settings = wanted
      port = await edges.serveRouter(wanted, {
        begin: passages.begin,
        log(routed) {
          answered++
          around.log(routerLine(routed))
        },
      })
      around.log(`Listening on ${routerUrl(wanted)}`)
    },
    changed() {
      if (!port) return
      const now = new Set(around.dynos().map(({ life }) => life))
      for (const life of lives) if (!now.has(life)) forget(life)
      lives = now
      if (around.formed()?.held === false) port.stopListening()
      passages.look()
    },
    drain(life, call) {
      if (running.has(life)) draining.set(life, call)
      else edges.wake(0, call) // not within the very turn that asks
    },
    answered: () => answered,
    isInMaintenance: () => isInMaintenance,
    setMaintenance(on) {
      isInMaintenance = on
      passages.look()
    },
    close() {
      port?.close()
      port = undefined
      isInMaintenance = false
      answered = 0
    },
  }
}
