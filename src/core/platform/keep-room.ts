/** A connection, as far as it matters here. */
type Connection = { destroy(): unknown; once(event: 'close', call: () => void): unknown }

/** Connections of which nothing good has come yet. */
export type Strangers = {
  met(connection: Connection): void
  /** This one is no stranger any more. */
  known(connection: Connection): void
}

/** Keeps at most so many strangers: the oldest makes room, so that nobody can fill a port who may not even use it. */
export function keepRoom(most: number): Strangers {
  const strangers = new Set<Connection>()
  return {
    met(connection) {
      strangers.add(connection)
      connection.once('close', () => strangers.delete(connection))
      if (strangers.size > most) strangers.values().next().value?.destroy()
    },
    known: (connection) => void strangers.delete(connection),
  }
}
