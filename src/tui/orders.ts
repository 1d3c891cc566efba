import type { PaneSize } from './layout.ts'

/** What the keys order; each rejects with a Problem. */
export type Orders = {
  restart(name: string): Promise<void>
  /** Every dyno of the formation. */
  restartAll(): Promise<void>
  stop(name: string): Promise<void>
  /** Changes as `dyno ps:scale` takes them: `web=2`, `worker+1`. */
  scale(changes: readonly string[]): Promise<void>
  /** Makes the app folder as it is now the next release. */
  release(): Promise<void>
  /** Goes back to the release before. */
  rollback(): Promise<void>
  maintenance(isOn: boolean): Promise<void>
  config(): Promise<Readonly<Record<string, string>>>
  /** Asks everything to end; resolves when it has. */
  stopAll(): Promise<void>
  /** Waits for it no longer: kills everything. */
  killAll(): Promise<void>
  /** Joins a terminal, whose size is told by `resize`. */
  attach(name: string, heard: Heard): Promise<Session>
  /** Runs a command in a one-off. */
  run(line: string, size: PaneSize, heard: Heard): Promise<Session>
  /** So many lines of the log from before this one, oldest first; fewer when there are no more. The first line that came is 0. */
  linesBefore(line: number, count: number): readonly string[]
}

/** What comes from a dyno that a terminal was joined with. */
export type Heard = {
  /** `done` is to be called when they are in the picture: too many that are not hold the dyno back. */
  output(bytes: Uint8Array, done: () => void): void
  /** It has ended, with this status; a problem's sentence where it could not run at all. */
  ended(status: number, message?: string): void
}

/** A terminal that is joined with a dyno. */
export type Session = {
  /** The dyno's name. */
  readonly name: string
  write(text: string): void
  resize(size: PaneSize): void
  /** Leaves it: a one-off ends. */
  close(): void
}
