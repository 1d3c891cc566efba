import type { Duplex } from 'node:stream'

const [CR, LF] = [0x0d, 0x0a]

/**
 * Reads the first bytes of a connection, up to where `endOf` finds their end; what follows stays unread. Undefined when
 * the connection closes before, or `limit` bytes have no end.
 */
export function readOpening(
  socket: Duplex,
  limit: number,
  endOf: (bytes: Buffer) => number | undefined,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    const settle = (opening: Buffer | undefined) => {
      socket.off('data', read).off('close', lost).off('end', lost)
      socket.pause()
      resolve(opening)
    }
    const lost = () => settle(undefined)
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const end = endOf(bytes.subarray(0, limit))
      if (end !== undefined) {
        settle(bytes.subarray(0, end))
        if (end < bytes.length) socket.unshift(bytes.subarray(end))
      } else if (bytes.length >= limit) lost()
    }
    socket.on('data', read).on('close', lost).on('end', lost)
    socket.resume()
  })
}

/** Where the first line ends, its line end included. */
export function endOfLine(bytes: Buffer): number | undefined {
  const at = bytes.indexOf(LF)
  return at < 0 ? undefined : at + 1
}

/** Where a request's head ends, or else the first line. */
export function endOfOpening(bytes: Buffer): number | undefined {
  const end = endOfLine(bytes)
  if (end === undefined || !REQUEST.test(bytes.toString('latin1', 0, end))) return end
  const at = bytes.indexOf('\r\n\r\n')
  return at < 0 ? undefined : at + 4
}

/** What a client wants: to meet a dyno as it is, or through a tunnel. */
export type Opening = {
  readonly token: string
  readonly mode: 'rendezvous' | 'tunnel'
}

const REQUEST = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n$/
const TUNNEL = /^GET \/(\S*) HTTP\/1\.1\r\n/
const UPGRADE = /\r\nupgrade:[ \t]*tcp[ \t]*\r\n/i

/** Understands it; a request for anything but a tunnel names no token. */
export function parseOpening(bytes: Buffer): Opening {
  const text = bytes.toString('latin1')
  const token = (target: string) => target.split('?', 1)[0]!
  if (!REQUEST.test(text.slice(0, endOfLine(bytes)))) {
    const end = bytes.at(-2) === CR ? -2 : -1
    return { token: token(text.slice(0, end)), mode: 'rendezvous' }
  }
  const target = UPGRADE.test(text) ? TUNNEL.exec(text)?.[1] : undefined
  return { token: token(target ?? ''), mode: 'tunnel' }
}
