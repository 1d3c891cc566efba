/** Names by which the port is called from this machine. A name of a web page's own that leads here is none of them. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/** Whether a path is one that only who was told it can know: of a log, a file or what a command said. It needs no key. */
export function isSecretPath(path: string): boolean {
  return /^\/(?:logs|blobs|outputs)\/./.test(path)
}

/** What a request says of who makes it. */
export type Caller = {
  /** Its `Host` header. */
  readonly host: string | undefined
  /** Its `Origin` header: only browsers send one, for a web page that may be anybody's. */
  readonly origin: string | undefined
  /** Its `Sec-Fetch-Site` header; `none` is a person who typed the address. */
  readonly fetchSite: string | undefined
}

/** Why a request is not even looked at: a web page made it, or it was sent here by a name that is not this machine's. */
export function suspicion({ host, origin, fetchSite }: Caller, port: number): string | undefined {
  const called = host?.toLowerCase()
  // Port 80 is HTTP's own, which clients leave out.
  const named = LOCAL.some((name) => called === `${name}:${port}` || (port === 80 && called === name))
  if (!named) return `This is localhost:${port}, and not '${(host ?? '').slice(0, 100)}'.`
  if (origin !== undefined || (fetchSite !== undefined && fetchSite !== 'none'))
    return 'Web pages may not call this.'
  return undefined
}
