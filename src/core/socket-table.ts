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

/** Ports in state LISTEN of `netstat -anp tcp` on macOS, where an address is `*.5000` or `127.0.0.1.5000`. */
export function parseNetstat(text: string): number[] {
  const rows = text.matchAll(/^tcp\S*\s+\d+\s+\d+\s+\S+\.(\d+)\s+\S+\s+LISTEN\b/gm)
  return Array.from(rows, ([, port]) => Number(port))
}

// sl local remote st tx:rx tr:when retransmits uid timeout inode …
const PROC_ROW =
  /^ *\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} ([\dA-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+)/gm
const LISTEN = '0A'
