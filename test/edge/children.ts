import type { Child, ChildEvents } from '../../src/core/child.ts'
import type { Exit } from '../../src/core/exit.ts'
import type { Walled } from '../../src/core/walls.ts'
import { until } from '../harness.ts'

/** A started program, and what it reported so far. */
export type Watched = {
  readonly child: Child
  readonly exits: Exit[]
  readonly text: { stdout: Buffer[]; stderr: Buffer[] }
  drained: number
  /** Waits until the standard output has this. */
  says(text: string): Promise<void>
  /** The one exit, when the program has ended. */
  exit(): Promise<Exit>
}

/** A program without walls around it, in a plain environment. */
export function bare(...argv: [string, ...string[]]): Walled {
  const environment = { PATH: process.env['PATH']!, TERM: 'xterm', LANG: 'C.UTF-8' }
  return { argv, environment, cwd: '/', ours: 0, mark: null, user: 0 }
}

/** Starts it with `spawn`, and keeps what it reports. */
export function watch(spawn: (events: ChildEvents) => Child): Watched {
  const text = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const exits: Exit[] = []
  const watched: Omit<Watched, 'child'> & { child?: Child } = {
    text,
    exits,
    drained: 0,
    says: (wanted) =>
      until(
        () => Buffer.concat(text.stdout).includes(wanted),
        () => `never said ${wanted}: ${Buffer.concat(text.stdout)}`,
      ),
    async exit() {
      await until(
        () => exits.length > 0,
        () => 'it never ended',
      )
      return exits[0]!
    },
  }
  watched.child = spawn({
    output: (stream, chunk) => void text[stream].push(Buffer.from(chunk)),
    drained: () => watched.drained++,
    left() {},
    exited: (exit) => void exits.push(exit),
  })
  return watched as Watched
}

/** How many bytes it wrote. */
export function length(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}
