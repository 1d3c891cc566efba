import { headerOf, type RawHeaders } from './forwarding.ts'
import type { RouterError } from './router-codes.ts'

/** The head of a request as it came. */
export type RequestHead = {
  readonly method: string
  readonly target: string
  /** `1.1`, `1.0`, or what the client made up. */
  readonly version: string
  readonly raw: RawHeaders
}

/** Where a request goes: a path, and the host of an absolute target. */
export type Target = { readonly path: string; readonly host: string | null }

/** The limits of Heroku's router, https://devcenter.heroku.com/articles/http-routing. In bytes, but for the count. */
const LINE = 8 * 1024
const NAME = 1000
const HEADERS = 1000
const COOKIE = 8 * 1024

/** All of a request's header, in bytes: more than its lines may be is not read. */
export const REQUEST_HEADER = 512 * 1024
/** … and of an answer's. */
export const RESPONSE_HEADER = 512 * 1024

/** What no dyno gets to hear: its head is not well-formed, or breaks a limit. */
export const BAD_HEADER: RouterError = { code: 'H26', cause: 'bad header' }

/** What is wrong with a request, as far as its parser has let it pass. */
export function judgeRequest({ method, target, version, raw }: RequestHead): RouterError | null {
  if (version !== '1.1' && version !== '1.0') return BAD_HEADER
  if (method === 'CONNECT') return { ...BAD_HEADER, status: 405 }
  const isTooLong = raw.length / 2 > HEADERS || method.length + target.length > LINE || hasLongLine(raw)
  if (isTooLong || target.includes('#') || !targetOf(target)) return BAD_HEADER
  const hosts = raw.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts > 1 || (hosts === 0 && version !== '1.0')) return BAD_HEADER
  if (/[\s/\\?#@]|^$/.test(headerOf(raw, 'host') ?? 'none')) return BAD_HEADER
  const coding = headerOf(raw, 'transfer-encoding')
  if (coding === undefined) return null
  // What is neither whole nor chunked has no end that two programs would agree on.
  if (version === '1.0' || coding.trim().toLowerCase() !== 'chunked') return BAD_HEADER
  return headerOf(raw, 'content-length') === undefined ? null : BAD_HEADER
}

/** Takes a request target apart; undefined when it is none for a dyno (`*` is the router's own), https://www.rfc-editor.org/rfc/rfc9112#section-3.2. */
export function targetOf(target: string): Target | undefined {
  if (target.startsWith('/')) return { path: target, host: null }
  const absolute = /^https?:\/\/([^/?#@\s]+)([/?][^#]*)?$/i.exec(target)
  if (!absolute) return undefined
  const path = absolute[2] ?? '/'
  return { path: path.startsWith('?') ? `/${path}` : path, host: absolute[1]! }
}

/** Which of the router's limits the head of an answer breaks. */
export function judgeResponse(message: string, raw: RawHeaders): RouterError | null {
  if (message.length > LINE) return restricted('oversized status line')
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i + 1]!.length > COOKIE && raw[i]!.toLowerCase() === 'set-cookie')
      return restricted('oversized cookie')
  }
  return null
}

/** The header of an answer breaks a limit. */
export function restricted(cause: string): RouterError {
  return { code: 'H25', cause }
}

function hasLongLine(raw: RawHeaders): boolean {
  return raw.some((text, i) => (i % 2 === 0 ? text.length > NAME : text.length + raw[i - 1]!.length > LINE))
}
