import type { TerminalSize } from '../terminal-size.ts'
import type { Wire } from './wire.ts'

/** Who comes with a token: where it is joined with its dyno. */
export type Meeting = {
  /** Whether the program at the other end has a terminal; without one, \x04 is the end of input in rendezvous mode. */
  readonly hasTerminal: boolean
  /**
   * Takes the connection, which carries frames. `terminal` is what the client asked for (SSH), null for none;
   * undefined where it cannot say (rendezvous). Throws a Problem when there is nothing to join any more.
   */
  join(wire: () => Wire, terminal?: TerminalSize | null): void
}
