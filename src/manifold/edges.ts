import type { AppJson } from '../core/api/app-api.ts'
import type { Answer, Attach, Request } from '../core/api/exchange.ts'
import type { Child, ChildEvents } from '../core/child.ts'
import type { Launch } from '../core/dyno.ts'
import type { LogLines, Unfinished } from '../core/log/log.ts'
import type { Usage } from '../core/metrics.ts'
import type { KeptReleases, ReleaseRecord } from '../core/release-record.ts'
import type { RouterPort, Routes } from '../core/router/passage.ts'
import type { RouterSettings } from '../core/router/router.ts'
import type { TerminalSize } from '../core/terminal-size.ts'
import type { Walled } from '../core/walls.ts'
import type { OpenSite, Site } from './platform/site.ts'

/** A manifold of this person, ours or another app's. */
export type Neighbour = {
  readonly app: Pick<AppJson, 'id' | 'name'>
  ask(request: Request): Promise<Answer>
  readonly attach: Attach
}

/** Another app's manifold, and the app as it was when it was found. */
export type FoundNeighbour = Neighbour & { readonly app: AppJson }

/** What there is of other apps: of a manifold that is there and does not answer only its app's name and key are known. */
export type FoundNeighbours = {
  readonly found: readonly FoundNeighbour[]
  readonly silent: readonly { readonly name: string; readonly key: string }[]
}

/** A slug's file, once it is unpacked; its size is in bytes. */
export type PreparedFile = {
  readonly sha256: string
  readonly size: number
  readonly processTypes: ReadonlyMap<string, string>
}

/** The world, as the manifold is handed it. */
export type Edges = {
  /** The number of the manifold's own process. */
  readonly pid: number
  /** Milliseconds since 1970, with fractions. */
  now(): number
  /** Calls back after so many milliseconds; the answer takes it back. */
  wake(milliseconds: number, call: () => void): () => void
  /** A fresh UUID. */
  id(): string
  /** Gives the dyno a fresh filesystem; throws a Problem. */
  enclose(name: string, launch: Launch): Promise<Walled>
  /** A program within the walls of a dyno that runs, whose first process is `leader`; throws a Problem. */
  enter(walled: Walled, leader: number, launch: Launch): Promise<Walled>
  /** Throws the dyno's filesystem away. */
  discard(name: string): Promise<void>
  spawn(walled: Walled, terminal: TerminalSize | null, events: ChildEvents): Promise<Child>
  /** To every process of the dyno, by number; false when there is none yet. */
  signal(walled: Walled, leader: number, signal: number): boolean
  /** What all processes of the dyno use; undefined when there are none. */
  usageOf(walled: Walled, leader: number): Usage | undefined
  /** Ends what outlived the dyno's first process. */
  endSurvivors(walled: Walled): Promise<void>
  /** Throws a Problem that says who holds the port when it is not free. */
  claimPort(port: number): Promise<void>
  /** Ports that some process of this machine has bound. */
  listeningPorts(): ReadonlySet<number>
  /** Serves HTTP on the router's port; throws a Problem that says who holds it. */
  serveRouter(settings: RouterSettings, routes: Routes): Promise<RouterPort>
  /** Something every caller must hear once, such as that walls are only folders here. */
  warning(): string | undefined
  /** Adds lines to the log; they are in its file at the end of this turn of the loop, … */
  appendLog(lines: LogLines): void
  /** … or when this returns. */
  flushLog(): void
  /** The last lines in the log's files, at most so many, also of earlier manifolds: bytes, a character each. */
  readLog(count: number): string[]
  /** Shows readers of the log what dynos have begun to say and not ended. */
  tellUnfinished(lines: readonly Unfinished[]): void
  /** The app's releases, the oldest first, and the names of files that were set aside as no whole release. */
  readReleases(): KeptReleases
  /** Keeps a release, whole or not at all; throws a Problem when it cannot. */
  keepRelease(record: ReleaseRecord): void
  /** Whether dynos can be started from this slug. */
  hasSlug(sha256: string): boolean
  /** Has a slug's file unpacked; throws a Problem when it is no slug. `processTypes` are those of its Procfile. */
  prepareSlug(file: string): Promise<PreparedFile>
  /** A slug as Heroku keeps them: a gzipped tar of `./app`. */
  readSlug(sha256: string): Promise<AsyncIterable<Uint8Array>>
  /** A text that nobody can guess. */
  secret(): string
  /** Serves the Platform API on a port of this machine, any free one for null; throws a Problem when it is taken. */
  openSite(site: Site, port: number | null): Promise<OpenSite>
  /** The other manifolds of this person. */
  neighbours(): Promise<FoundNeighbours>
  /** Keeps the number the next one-off gets. */
  remember(nextOneOff: number): void
}
