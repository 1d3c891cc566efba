import type { App } from '../core/app.ts'
import type { Dyno } from '../core/dyno.ts'
import { type Effect, SIGNALS } from '../core/effect.ts'
import type { Event } from '../core/event.ts'
import type { Exit } from '../core/exit.ts'
import { emptyManifold, type Formed, type Manifold } from '../core/manifold.ts'
import type { Patience } from '../core/patience.ts'
import { step } from '../core/step.ts'
import type { TerminalSize } from '../core/terminal-size.ts'
import type { Wire } from '../core/wire/wire.ts'
import { type Audience, openAudience } from './audience.ts'
import type { Edges } from './edges.ts'
import { type Lease, openLease } from './lease.ts'
import { type Life, live } from './live.ts'
import { type Logplex, openLogplex } from './logplex.ts'
import { openMailbox } from './mailbox.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { openRendezvous, type Rendezvous } from './rendezvous.ts'
import { openRouter, type Router } from './router.ts'
import type { Visited } from './visit.ts'
import { openPortWatch } from './watch-ports.ts'

/** How long a manifold without dynos and leases stays for the next client, in milliseconds. */
const LINGER = 2000

/** The one thing with memory: what is wanted, what lives, and who waits for it. */
export type OpenManifold = {
  readonly app: App
  readonly logplex: Logplex
  readonly router: Router
  readonly metrics: Metrics
  post(event: Event): void
  dynos(): readonly Dyno[]
  /** The formation that somebody started, if one did. */
  formed(): Formed | null
  /** Joins a client with its awaiting one-off, on the terminal that it has come with if it says so. */
  attach(dyno: Dyno, wire: Wire, terminal?: TerminalSize | null): void
  /** Lets a client see a dyno of the formation live, and type; false when it has crashed and there is nothing to see. */
  view(dyno: Dyno, wire: () => Wire): boolean
  /** Makes a client the holder of the formation. */
  hold(wire: Wire): void
  /** The walls of a dyno that runs. */
  inside(dyno: Dyno): Visited | undefined
  /** Resolves when this life is over, with how it ended; at once when it already is. */
  finished(life: number): Promise<Exit | undefined>
  /** Resolves when no formation is there any more. */
  dissolved(): Promise<void>
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
  let manifold: Manifold = emptyManifold(nextOneOff, patience, edges.id())
  let leases = 0
  let closing = false
  const logplex = openLogplex(edges)
  const lives = new Map<number, Life>()
  const meetings = new Map<number, Rendezvous | Audience>()
  const waiting = new Map<number | 'formation', ((exit?: Exit) => void)[]>()
  const ports = openPortWatch(edges)
  const router = openRouter(
    {
      dynos: () => manifold.dynos,
      formed: () => manifold.formed,
      log: (message) => logplex.note({ source: 'heroku', ps: 'router', message }),
    },
    edges,
  )
  let holder: Lease | undefined
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()

  const post = openMailbox<Event>(
    (event) => {
      const [after, effects] = step(manifold, event, edges.now())
      manifold = after
      for (const effect of effects) perform(effect)
    },
    () => {
      router.changed()
      rest()
    },
  )
  const metrics = openMetrics(edges, lives, (life, bytes) => post({ fact: 'measured', life, bytes }))
  void ended.then(metrics.close).then(logplex.writeNotes)

  const perform = (effect: Effect): void => {
    switch (effect.effect) {
      case 'spawn':
        begin(effect)
        break
      case 'watch port':
        ports.watch(effect.life, effect.port, () => post({ fact: 'listening', life: effect.life }))
        break
      case 'drain':
        router.drain(effect.life, () => post({ fact: 'drained', life: effect.life }))
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
      case 'dissolve':
        holder?.finish(effect.status)
        holder = undefined
        router.close()
        metrics.forget()
        tell('formation')
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

  // Output goes to the client of an attached one-off, and to the log and whoever looks on of every other dyno.
  const begin = (effect: Effect & { effect: 'spawn' }): void => {
    const { life, name } = effect
    metrics.begun(name)
    const keepsInput = manifold.dynos.some((dyno) => dyno.life === life && dyno.kind === 'formation')
    const alone = () => openAudience(name, { output: logplex.openOutput(name), keepsInput, wake: edges.wake })
    const meeting = meetings.get(life) ?? alone()
    meetings.set(life, meeting)
    const started = live(edges, effect, {
      spawned(child) {
        if ('join' in meeting) meeting.spawned(child)
        else meeting.spawned(name, child)
        post({ fact: 'spawned', life })
      },
      output: meeting.output,
      drained: meeting.drained,
      remains: ({ message }) => logplex.write({ source: 'heroku', ps: name, message }),
      exited(exit) {
        if ('join' in meeting) meeting.finish(exit) // its last lines go before those about its end
        post({ fact: 'exited', life, exit })
      },
    })
    lives.set(life, started)
  }

  const finish = (life: number, exit: Exit): void => {
    const meeting = meetings.get(life)
    if (meeting && !('join' in meeting)) meeting.finish(exit)
    meetings.delete(life)
    lives.delete(life)
    ports.forget(life)
    tell(life, exit)
  }

  const tell = (whom: number | 'formation', exit?: Exit): void => {
    for (const resolve of waiting.get(whom) ?? []) resolve(exit)
    waiting.delete(whom)
  }

  const waitFor = (whom: number | 'formation'): Promise<Exit | undefined> => {
    return new Promise((resolve) => waiting.set(whom, [...(waiting.get(whom) ?? []), resolve]))
  }

  // A manifold nobody needs goes away by itself.
  let goodbye = () => {}
  const rest = (): void => {
    goodbye()
    const isWanted = !closing && (manifold.formed !== null || leases > 0)
    if (manifold.dynos.length === 0 && !isWanted) goodbye = edges.wake(closing ? 0 : LINGER, end)
  }
  rest()

  return {
    app,
    logplex,
    router,
    metrics,
    post,
    dynos: () => manifold.dynos,
    formed: () => manifold.formed,
    attach({ life, name }, wire, terminal) {
      const signalled = (signal: number) => {
        if (signal === SIGNALS.TERM) post({ order: 'stop', name })
        else lives.get(life)?.signal(signal)
      }
      const client = { hungUp: () => post({ fact: 'hung up', life }), signalled }
      meetings.set(life, openRendezvous(wire, client, edges.wake))
      post({ fact: 'attached', life, terminal })
    },
    view({ life }, wire) {
      const meeting = meetings.get(life)
      if (!meeting || !('join' in meeting)) return false
      meeting.join(wire())
      return true
    },
    hold(wire) {
      const actions = {
        letGo: () => post({ order: 'let go' }),
        kill: () => post({ order: 'kill' }),
        dynos: () => manifold.dynos,
      }
      holder = openLease(wire, actions, edges)
    },
    inside: ({ life }) => lives.get(life)?.inside(),
    finished: (life) =>
      manifold.dynos.some((dyno) => dyno.life === life) ? waitFor(life) : Promise.resolve(undefined),
    dissolved: async () => void (manifold.formed && (await waitFor('formation'))),
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
