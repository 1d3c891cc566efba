/** Headers in the order and spelling they came in: name, value, name, value … */
export type RawHeaders = readonly string[]

/** What the router adds to a request. */
export type Forwarded = {
  readonly client: string
  readonly protocol: 'http' | 'https'
  readonly port: number
  readonly requestId: string
  /** When the request came, in milliseconds since 1970. */
  readonly at: number
  /** Milliseconds to a connection with this dyno, and in the router so far. */
  readonly connect: number
  readonly routing: number
  /** The host of an absolute request target, which counts instead of the header. */
  readonly host: string | null
}

/** Meant for the next hop only, https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; and `Expect`, which the router answers. */
const HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Said by the router, whatever the client says. */
const OURS = new Set([
  'connect-time',
  'total-route-time',
  'via',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
  'x-request-start',
])

const VIA = '1.1 vegur'

/** The headers of a request as a dyno gets them. */
export function forwardedRequest(raw: RawHeaders, forwarded: Forwarded): string[] {
  const { client, protocol, port, requestId, at, connect, routing, host } = forwarded
  const headers = kept(raw, (name) => HOP.has(name) || OURS.has(name) || (host !== null && name === 'host'))
  if (host !== null) headers.push('Host', host)
  headers.push('X-Request-Id', requestId)
  headers.push('X-Forwarded-For', appended(raw, 'x-forwarded-for', client))
  headers.push('X-Forwarded-Proto', protocol)
  headers.push('X-Forwarded-Port', String(port))
  headers.push('Via', appended(raw, 'via', VIA))
  headers.push('Connect-Time', String(Math.round(connect)))
  headers.push('X-Request-Start', String(Math.round(at)))
  headers.push('Total-Route-Time', String(Math.round(routing)))
  return headers
}

/** The reason in the status line of an answer: bytes that no status line may have become question marks. */
export function forwardedReason(message: string): string {
  return message.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}

/** The headers of an answer as the client gets them; trailers can only follow one that goes out in chunks. */
export function forwardedResponse(raw: RawHeaders, { chunked }: { readonly chunked: boolean }): string[] {
  const headers = kept(raw, (name) => (HOP.has(name) && !(chunked && name === 'trailer')) || name === 'via')
  if (headerOf(raw, 'server') === undefined) headers.push('Server', 'Cowboy')
  headers.push('Via', appended(raw, 'via', VIA))
  return headers
}

/** The headers of an answer that begins another protocol: what they say about the connection is the point. */
export function upgradedResponse(raw: RawHeaders): string[] {
  return [...without(raw, (name) => name === 'via'), 'Via', appended(raw, 'via', VIA)]
}

/** A client's own request id where it is one, https://devcenter.heroku.com/articles/http-request-id; else `fresh`. */
export function requestIdOf(raw: RawHeaders, fresh: () => string): string {
  const given = headerOf(raw, 'x-request-id')
  return given !== undefined && /^[A-Za-z0-9+/=-]{20,200}$/.test(given) ? given : fresh()
}

/** All clients a request came through, by its header and the connection. */
export function forwardedFor(raw: RawHeaders, client: string): string {
  return appended(raw, 'x-forwarded-for', client)
}

/** The value of a header, by its name in lower case; several are one list. */
export function headerOf(raw: RawHeaders, name: string): string | undefined {
  let found: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.length !== name.length || raw[i]!.toLowerCase() !== name) continue
    found = found === undefined ? raw[i + 1] : `${found}, ${raw[i + 1]}`
  }
  return found
}

/** Headers as they stand in a message. */
export function headerLines(raw: RawHeaders): string {
  return raw.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
}

/** Names and values in pairs. */
export function headerPairs(raw: RawHeaders): [string, string][] {
  return raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1]!]] : []))
}

function appended(raw: RawHeaders, name: string, value: string): string {
  const before = headerOf(raw, name)
  return before === undefined || before === '' ? value : `${before}, ${value}`
}

function kept(raw: RawHeaders, drops: (name: string) => boolean): string[] {
  const connection = headerOf(raw, 'connection')?.toLowerCase()
  if (connection === undefined || connection === 'keep-alive' || connection === 'close')
    return without(raw, drops)
  const named = connection.split(/\s*,\s*/)
  return without(raw, (name) => drops(name) || (named.includes(name) && !FRAMING.has(name)))
}

function without(raw: RawHeaders, drops: (name: string) => boolean): string[] {
  const headers: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    if (!drops(raw[i]!.toLowerCase())) headers.push(raw[i]!, raw[i + 1]!)
  }
  return headers
}

// A client that names these as its connection's own would make another message of the one it sends.
const FRAMING = new Set(['content-length', 'host'])
