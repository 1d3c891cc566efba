import { CODES, type RouterError } from './router-codes.ts'

/** All that the router's log says of one request; null is what it does not know, and stays empty. */
export type Routed = {
  readonly refusal: RouterError | null
  readonly method: string
  readonly path: string
  readonly host: string
  readonly requestId: string
  /** All clients the request came through, the last one being the router's. */
  readonly fwd: string
  readonly dyno: string | null
  /** Milliseconds to the connection, … */
  readonly connect: number | null
  /** … and from then to the end. */
  readonly service: number | null
  readonly status: number
  /** Of the body, to the client. */
  readonly bytes: number | null
  readonly protocol: 'http' | 'https'
}

/** The message of the line `heroku[router]: at=info method=GET path="/" …`, in Heroku's order. */
export function routerLine(routed: Routed): string {
  const { method, path, host, requestId, fwd, dyno, connect, service, status, bytes, protocol } = routed
  return [
    verdict(routed.refusal),
    `method=${method}`,
    `path="${plain(path)}"`,
    `host=${plain(host)}`,
    `request_id=${requestId}`,
    `fwd="${quoted(fwd)}"`,
    `dyno=${dyno ?? ''}`,
    `connect=${inMilliseconds(connect)}`,
    `service=${inMilliseconds(service)}`,
    `status=${status}`,
    `bytes=${bytes ?? ''}`,
    `protocol=${protocol}`,
  ].join(' ')
}

function verdict(refusal: RouterError | null): string {
  if (refusal === null) return 'at=info'
  const { at, desc } = CODES[refusal.code]
  const sock = { H18: 'sock=backend ', H27: 'sock=client ' }[refusal.code as string] ?? ''
  const words = `${sock}at=${at} code=${refusal.code}`
  if (refusal.code === 'H25') return `${words} desc="${desc}: ${refusal.cause}"`
  return `${words} desc="${desc}"${refusal.cause === undefined ? '' : ` cause="${refusal.cause}"`}`
}

function inMilliseconds(time: number | null): string {
  return time === null ? '' : `${Math.round(time)}ms`
}

// The line is read by key and value: what a client sends must not look like one. Its bytes come here as Latin-1.
function plain(text: string): string {
  if (!/[^!#-[\]-~]/.test(text)) return text
  return text.replace(/[^!#-[\]-~]/g, (char) => (char <= '\xff' ? inHex(char) : '%3F'))
}

function inHex(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function quoted(text: string): string {
  return text.replace(/[^ !#-[\]-~]/g, '?')
}
