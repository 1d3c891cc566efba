import type { App } from '../core/app.ts'
import type { Dyno } from '../core/dyno.ts'
import type { Effect, Event } from '../core/event.ts'
import type { Exit } from '../core/exit.ts'
import { emptyManifold, type Manifold, type Patience, step } from '../core/manifold.ts'
import type { Wire } from '../core/wire.ts'
import type { Edges } from './edges.ts'
import { type Life, type LifeEvents, live } from './live.ts'
import { type Logplex, openLogplex } from './logplex.ts'
import { openRendezvous, type Rendezvous } from './rendezvous.ts'

const SIGNALS = { HUP: 1, TERM: 15, KILL: 9 } as const
const SIGTERM = 15

/** How long a manifold without dynos and leases stays for the next client, in milliseconds. */
const LINGER = 2000

/** The one thing with memory: what is wanted, what lives, and who waits for it. */
export type OpenManifold = {
  readonly app: App
  readonly logplex: Logplex
  post(event: Event): void
  dynos(): readonly Dyno[]
  /** Joins a client with its awaiting one-off. */
  attach(dyno: Dyno, wire: Wire): void
  /** Resolves when this life is over; at once when it already is. */
  finished(life: number): Promise<void>
  /** Holds the manifold open until the answer is called. */
  lease(): () => void
  /** Whether it is about to end: no dyno begins any more. */
  isClosing(): boolean
  /** Ends every dyno and then the manifold. */
  close(): void
  /** Resolves when nothing holds the manifold any more. */
  readonly ended: Promise<void>
}

/** What a manifold is opened with. */
export type Opening = {
  readonly app: App
  readonly edges: Edges
  readonly nextOneOff: number
  readonly patience: Patience
}

export function openManifold({ app, edges, nextOneOff, patience }: Opening): OpenManifold {
  let manifold: Manifold = emptyManifold(nextOneOff, patience)
  let leases = 0
  let closing = false
  const logplex = openLogplex(edges)
  const lives = new Map<number, Life>()
  const meetings = new Map<number, Rendezvous>()
  const waiting = new Map<number, (() => void)[]>()
  const mailbox: Event[] = []
  let busy = false
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()

  const post = (event: Event): void => {
    mailbox.push(event)
    if (busy) return
    busy = true
    for (let next = mailbox.shift(); next; next = mailbox.shift()) {
      const [after, effects] = step(manifold, next, edges.now())
      manifold = after
      for (const effect of effects) perform(effect)
    }
    busy = false
    rest()
  }

  const perform = (effect: Effect): void => {
    switch (effect.effect) {
      case 'spawn':
        lives.set(effect.life, live(edges, effect, meetingPlace(effect.life, effect.name)))
        break
      case 'signal':
        lives.get(effect.life)?.signal(SIGNALS[effect.signal])
        break
      case 'wake':
        wake(effect.life, effect.at)
        break
      case 'finish':
        finish(effect.life, effect.exit)
        break
      case 'remember':
        edges.remember(effect.nextOneOff)
        break
      case 'log':
        logplex.write(effect.line)
        break
      default:
        effect satisfies never
    }
  }

  // Node's timers keep whole milliseconds and may call a moment early; the core goes by the clock.
  const wake = (life: number, at: number): void => {
    const call = () => (edges.now() < at ? wake(life, at) : post({ fact: 'due', life }))
    edges.wake(Math.ceil(at - edges.now()), call)
  }

  // Output goes to the client of an attached one-off, and to the log of every other dyno.
  const meetingPlace = (life: number, name: string): LifeEvents => {
    const meeting = meetings.get(life)
    const log = logplex.openOutput(name)
    return {
      spawned(child) {
        if (meeting) meeting.spawned(name, child)
        else child.end()
        post({ fact: 'spawned', life })
      },
      output(stream, chunk) {
        if (meeting) meeting.output(stream, chunk)
        else log.take(stream, chunk)
      },
      drained: () => meeting?.drained(),
      exited(exit) {
        log.end()
        post({ fact: 'exited', life, exit })
      },
    }
  }

  const finish = (life: number, exit: Exit): void => {
    meetings.get(life)?.finish(exit)
    meetings.delete(life)
    lives.delete(life)
    for (const resolve of waiting.get(life) ?? []) resolve()
    waiting.delete(life)
  }

  // A manifold nobody needs goes away by itself.
  let goodbye = () => {}
  const rest = (): void => {
    goodbye()
    if (manifold.dynos.length > 0 || (leases > 0 && !closing)) return
    goodbye = edges.wake(closing ? 0 : LINGER, end)
  }
  rest()

  return {
    app,
    logplex,
    post,
    dynos: () => manifold.dynos,
    attach({ life, name }, wire) {
      const signalled = (signal: number) => {
        if (signal === SIGTERM) post({ order: 'stop', name })
        else lives.get(life)?.signal(signal)
      }
      const client = { hungUp: () => post({ fact: 'hung up', life }), signalled }
      meetings.set(life, openRendezvous(wire, client, edges.wake))
      post({ fact: 'attached', life })
    },
    finished(life) {
      if (!manifold.dynos.some((dyno) => dyno.life === life)) return Promise.resolve()
      return new Promise((resolve) => waiting.set(life, [...(waiting.get(life) ?? []), resolve]))
    },
    lease() {
      leases++
      goodbye()
      return () => {
        leases--
        rest()
      }
    },
    isClosing: () => closing,
    close() {
      closing = true
      post({ order: 'close' })
    },
    ended,
  }
}
