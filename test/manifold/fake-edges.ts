import { Readable } from 'node:stream'
import type { Launch } from '../../src/core/dyno.ts'
import type { Unfinished } from '../../src/core/log/log.ts'
import { linesOf } from '../../src/core/log/log-ring.ts'
import { Problem } from '../../src/core/problem.ts'
import type { KeptReleases } from '../../src/core/release-record.ts'
import type { Routes } from '../../src/core/router/passage.ts'
import type { RouterSettings } from '../../src/core/router/router.ts'
import type { Walled } from '../../src/core/walls.ts'
import type { Edges, FoundNeighbour } from '../../src/manifold/edges.ts'
import type { Site } from '../../src/manifold/platform/site.ts'
import { type FakeChild, openFakeChild } from './fake-child.ts'

/** A world that a test moves by hand. */
export type FakeWorld = {
  readonly edges: Edges
  /** Lets time pass: wakes are called in their order, each when it is due. */
  advance(milliseconds: number): Promise<void>
  /** What a dyno was spawned as; fails when it was not. */
  child(name: string): FakeChild
  /** How often each dyno was spawned, signalled … in the order it happened: `signal run.1 15`. */
  readonly done: string[]
  readonly log: string[]
  /** How many of them are in the file for sure. */
  flushed: number
  /** What readers of the log were told to be unfinished, each time: `run.1 Password: `. */
  readonly unfinished: string[][]
  /** Lines of the log of earlier manifolds. */
  readonly past: string[]
  /** While true, no enclosing ends. */
  holdEnclosing: boolean
  /** What enclosing or spawning throws. */
  refusal: Error | undefined
  /** Why no filesystem can be removed. */
  stuck: Error | undefined
  /** While true, there is no process to signal yet. */
  deaf: boolean
  /** The number of the next process; -1 when it was refused. */
  pid: number
  /** What tells a dyno's processes within folder walls; null: the kernel knows. */
  mark: string | null
  /** Ports that somebody else has. */
  readonly taken: Set<number>
  /** Ports that dynos have bound. */
  readonly bound: Set<number>
  /** How often the ports of this machine were looked at. */
  readonly looks: () => number
  /** What a dyno's processes have in memory, in bytes. */
  readonly memory: Map<string, number>
  /** How much too early timers call, in milliseconds. */
  haste: number
  warning: string | undefined
  /** Releases, as they are on the disk. */
  kept: KeptReleases
  /** Slugs that are not there any more. */
  readonly pruned: Set<string>
  /** The router's port, once it is open, and what was done to it. */
  router: FakePort | undefined
  /** The Platform API's port, while it is open. */
  site: Site | undefined
  neighbours: FoundNeighbour[]
  /** Other apps whose manifolds do not answer. */
  silent: { readonly name: string; readonly key: string }[]
}

export type FakePort = {
  readonly settings: RouterSettings
  readonly routes: Routes
  readonly done: string[]
}

/** Lets everything happen that can happen without time passing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export function openFakeWorld(): FakeWorld {
  let now = Date.UTC(2026, 10, 23, 22, 59, 42)
  let ids = 0
  let looks = 0
  const wakes = new Set<{ readonly at: number; readonly call: () => void }>()
  const children = new Map<string, FakeChild>()
  const held: (() => void)[] = []
  const nameOf = (walled: Walled) => walled.environment['DYNO']!

  const edges: Edges = {
    pid: 4242,
    now: () => now,
    wake(milliseconds, call) {
      const early = Math.max(milliseconds - world.haste, Math.min(milliseconds, 0.5))
      const wake = { at: now + early, call }
      wakes.add(wake)
      return () => void wakes.delete(wake)
    },
    id: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    async enclose(name, launch) {
      world.done.push(`enclose ${name}`)
      if (world.holdEnclosing) await new Promise<void>((resolve) => held.push(resolve))
      if (world.refusal) throw world.refusal
      return walledIn(launch, world.mark)
    },
    async enter(_walled, _leader, launch) {
      world.done.push(`enter ${launch.environment['DYNO']}`)
      return walledIn(launch, world.mark)
    },
    usageOf(walled) {
      const memory = world.memory.get(nameOf(walled))
      return memory === undefined ? undefined : { memory, cpu: memory / 2 ** 20 }
    },
    async claimPort(port) {
      if (world.taken.has(port)) throw new Problem('port', `Port ${port} is taken.`)
    },
    async serveRouter(settings, routes) {
      world.router = { settings, routes, done: [] }
      return {
        forget: (life) => world.router!.done.push(`forget ${life}`),
        stopListening: () => world.router!.done.push('stop listening'),
        close: () => world.router!.done.push('close'),
      }
    },
    listeningPorts() {
      looks++
      return world.bound
    },
    async discard(name) {
      world.done.push(`discard ${name}`)
      if (world.stuck) throw world.stuck
    },
    async spawn(walled, terminal, events) {
      const { child, fake } = openFakeChild(world.pid, { walled, terminal, events })
      world.done.push(`spawn ${nameOf(walled)}`)
      children.set(nameOf(walled), fake)
      return child
    },
    signal(walled, _leader, signal) {
      if (world.deaf) return false
      world.done.push(`signal ${nameOf(walled)} ${signal}`)
      return true
    },
    async endSurvivors(walled) {
      await settle()
      world.done.push(`ended survivors of ${nameOf(walled)}`)
    },
    warning: () => world.warning,
    appendLog: (lines) => void world.log.push(...linesOf(lines).map(decoded)),
    flushLog: () => {
      world.flushed = world.log.length
    },
    readLog: (count) => (count === 0 ? [] : [...world.past, ...world.log].slice(-count)).map(encoded),
    tellUnfinished: (lines: readonly Unfinished[]) =>
      void world.unfinished.push(lines.map(({ ps, message }) => `${ps} ${message}`)),
    readReleases: () => world.kept,
    keepRelease(record) {
      if (world.refusal) throw world.refusal
      world.done.push(`keep v${record.version} ${record.status}`)
      const others = world.kept.records.filter(({ version }) => version !== record.version)
      world.kept = { ...world.kept, records: [...others, record] }
    },
    hasSlug: (sha256) => !world.pruned.has(sha256),
    async prepareSlug(file) {
      if (world.refusal) throw world.refusal
      return { sha256: 'cd'.repeat(32), size: 1000, processTypes: new Map([['web', `from ${file}`]]) }
    },
    async readSlug(sha256) {
      return Readable.from([Buffer.from(`the slug ${sha256.slice(0, 4)}`)])
    },
    secret: () => `secret-${++ids}`,
    async openSite(site, port) {
      world.site = site
      const close = () => {
        world.site = undefined
      }
      return { url: `http://localhost:${port ?? 5099}`, attachPort: 5098, authority: '/ca.pem', close }
    },
    neighbours: async () => ({ found: world.neighbours, silent: world.silent }),
    remember: (next) => void world.done.push(`remember ${next}`),
  }

  let isHolding = false
  const world: FakeWorld = {
    edges,
    done: [],
    log: [],
    flushed: 0,
    unfinished: [],
    past: [],
    refusal: undefined,
    stuck: undefined,
    deaf: false,
    pid: 4711,
    mark: null,
    taken: new Set(),
    bound: new Set(),
    looks: () => looks,
    memory: new Map(),
    haste: 0,
    warning: undefined,
    kept: { records: [], highest: 0, broken: [] },
    pruned: new Set(),
    router: undefined,
    site: undefined,
    neighbours: [],
    silent: [],
    get holdEnclosing() {
      return isHolding
    },
    set holdEnclosing(hold) {
      isHolding = hold
      if (!hold) for (const resolve of held.splice(0)) resolve()
    },
    child(name) {
      const child = children.get(name)
      if (!child) throw new Error(`${name} was not spawned`)
      return child
    },
    async advance(milliseconds) {
      const until = now + milliseconds
      for (;;) {
        await settle()
        const next = [...wakes].sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > until) break
        now = Math.max(now, next.at)
        wakes.delete(next)
        next.call()
      }
      now = until
      await settle()
    },
  }
  return world
}

const encoded = (text: string): string => Buffer.from(text).toString('latin1')
const decoded = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

function walledIn({ environment }: Launch, mark: string | null): Walled {
  return { argv: ['bash'], environment, cwd: '/app', ours: 0, mark, user: 0 }
}
