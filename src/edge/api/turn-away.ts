import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isSecretPath, suspicion } from '../../core/platform/callers.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'

/** Why a request is not heard: it comes from a web page, by a false name, or without the key. */
export function turnAway(
  { headers }: IncomingMessage,
  { key, port, path }: { readonly key: string; readonly port: number; readonly path: string },
): Refusal | undefined {
  const fetchSite = headers['sec-fetch-site']
  const caller = {
    ...{ host: headers.host, origin: headers.origin },
    fetchSite: fetchSite === undefined ? undefined : String(fetchSite),
  }
  const suspect = suspicion(caller, port)
  if (suspect) return refusal(403, suspect)
  if (isSecretPath(path) || isKey(headers.authorization, key)) return undefined
  return refusal(401, 'Invalid credentials provided.')
}

// Heroku takes the key as a bearer's token, or as a password whoever's it is. Compared in a time that tells nothing.
function isKey(authorization: string | undefined, key: string): boolean {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ', 2)
  const given = scheme.toLowerCase() === 'basic' ? passwordOf(credentials) : credentials
  if (!/^(?:bearer|basic)$/i.test(scheme)) return false
  return timingSafeEqual(digest(given), digest(key))
}

function passwordOf(credentials: string): string {
  const text = Buffer.from(credentials, 'base64').toString()
  return text.slice(text.indexOf(':') + 1)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
