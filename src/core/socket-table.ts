/** A TCP socket of this machine: its own port, whether it listens, and its number in the kernel (0: nobody's any more). */
export type SocketEntry = { readonly port: number; readonly listening: boolean; readonly inode: number }

/** Reads `/proc/net/tcp` or `/proc/net/tcp6`, whose addresses and states are hexadecimal. */
export function parseProcTcp(text: string): SocketEntry[] {
  const rows = text.matchAll(PROC_ROW)
  return Array.from(rows, ([, port, state, inode]) => ({
    port: Number.parseInt(port!, 16),
    listening: state === LISTEN,
    inode: Number(inode),
  }))
}

/**
 * Bytes that were sent from a port to another and not read at its other end, by `from:to`, of the same tables: what the
 * other end has not taken, and where that is on this machine too, what its program has not read. No entry is 0. Ports are
 * no addresses: where two connections have both in common it is their sum.
 */
export function unreadByPorts(text: string): Map<string, number> {
  const unread = new Map<string, number>()
  const add = (from: string, to: string, bytes: string): void => {
    const name = `${Number.parseInt(from, 16)}:${Number.parseInt(to, 16)}`
    unread.set(name, (unread.get(name) ?? 0) + Number.parseInt(bytes, 16))
  }
  for (const [, local, remote, sent, received] of text.matchAll(QUEUES)) {
    if (sent !== NONE) add(local!, remote!, sent!)
    if (received !== NONE) add(remote!, local!, received!)
  }
  return unread
}

/** Ports in state LISTEN of `netstat -anp tcp` on macOS, where an address is `*.5000` or `127.0.0.1.5000`. */
export function parseNetstat(text: string): number[] {
  const rows = text.matchAll(/^tcp\S*\s+\d+\s+\d+\s+\S+\.(\d+)\s+\S+\s+LISTEN\b/gm)
  return Array.from(rows, ([, port]) => Number(port))
}

// sl local remote st tx:rx tr:when retransmits uid timeout inode …
const PROC_ROW =
  /^ *\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} ([\dA-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+)/gm
const LISTEN = '0A'

// … local remote st tx:rx …, of those that have something in a queue and are connected
const QUEUES =
  /^ *\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) (?!0A)[\dA-F]{2} (?!00000000:00000000)([\dA-F]{8}):([\dA-F]{8})/gm
const NONE = '00000000'
