/** A client's end of a connection that carries frames. */
export type Wire = {
  /** Sends the parts as one; false asks for a pause until `drained`. */
  write(...parts: readonly Uint8Array[]): boolean
  end(): void
  pause(): void
  resume(): void
  /** Names who listens; what arrived before is handed over. */
  listen(events: WireEvents): void
}

export type WireEvents = {
  received(chunk: Uint8Array): void
  drained(): void
  closed(): void
}
