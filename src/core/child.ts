import type { Exit } from './exit.ts'
import type { TerminalSize } from './terminal-size.ts'

/** A spawned program's end of the wire, the same for terminals and pipes. */
export type Child = {
  readonly pid: number
  /** Hands input on; false asks for a pause until `drained`. */
  write(chunk: Uint8Array): boolean
  /** No more input is coming. */
  end(): void
  resize(size: TerminalSize): void
  /** Stops and goes on with the output; what was written before the end is never lost. */
  pause(): void
  resume(): void
  /** The program has left: what it wrote is still reported, but no longer waited for is whoever else holds its output. */
  abandon(): void
}

/** What a child reports. */
export type ChildEvents = {
  /** The chunk is its sender's again when this returns. */
  output(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  drained(): void
  /** The program itself has ended; others may still hold its output open. */
  left(): void
  /** The program has ended and all its output was reported. */
  exited(exit: Exit): void
}
