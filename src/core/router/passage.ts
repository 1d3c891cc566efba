import type { RouterError } from './router-codes.ts'
import type { Routed } from './router-line.ts'

/** The dyno that a request goes to, in the life it has now. */
export type Target = { readonly life: number; readonly name: string; readonly port: number }

/** Where a request goes next; `tried` when each dyno that there is has been tried. */
export type Found = Target | RouterError | 'tried'

/** One request on its way through the router. */
export type Passage = {
  /** Tells the dyno to try next, at once or when there is one. */
  seek(told: (found: Found) => void): void
  /** The dyno did not take the connection. */
  refused(): void
  /** Somebody has begun to answer. */
  answered(): void
  /** It has no end of its own (events, WebSockets): a dyno that is to end does not wait for it. */
  lasts(): void
  over(): void
}

/** The router as it is seen from its port. */
export type Routes = {
  begin(): Passage
  log(routed: Routed): void
}

/** A router's open port. */
export type RouterPort = {
  /** This life is over: nothing is kept for it any longer. */
  forget(life: number): void
  /** Takes no new connections; those that are there go on. */
  stopListening(): void
  close(): void
}
