import type { Duplex } from 'node:stream'

/** Joins two connections until both have ended; `count` hears of the bytes to the client. */
export function joinSockets(client: Duplex, upstream: Duplex, count: (bytes: number) => void): void {
  upstream.on('data', (chunk: Buffer) => count(chunk.length))
  client.pipe(upstream)
  upstream.pipe(client)
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => {
      if (!other.writableEnded) other.end()
    })
  }
}
