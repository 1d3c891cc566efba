import { type ServerResponse, STATUS_CODES } from 'node:http'
import { errorPage, errorText } from '../../core/router/error-page.ts'
import { CODES, type RouterError } from '../../core/router/router-codes.ts'

/** The HTTP status a refused request gets. */
export function statusOf({ code, status }: RouterError): number {
  return status ?? CODES[code].status
}

/** Answers in the app's stead: a page for browsers, a few lines for others. */
export function answerError(response: ServerResponse, refusal: RouterError, accepts: string): void {
  const { head, body } = errorAnswer(refusal, accepts)
  // Nobody knows where it ends; of any other the rest is read, for a client that is cut off hears no answer.
  if (refusal.code === 'H26') response.shouldKeepAlive = false
  else response.req.resume()
  response.writeHead(statusOf(refusal), STATUS_CODES[statusOf(refusal)] ?? '', head)
  response.end(body)
}

/** The same for a connection that has no request one could answer. */
export function rawErrorAnswer(refusal: RouterError, reason: string): string {
  const { head, body } = errorAnswer(refusal, '')
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${statusOf(refusal)} ${reason}\r\n${lines.join('')}Connection: close\r\n\r\n${body}`
}

function errorAnswer(refusal: RouterError, accepts: string): { head: Record<string, string>; body: string } {
  const isBrowser = accepts.includes('text/html')
  const body = isBrowser ? errorPage(refusal) : errorText(refusal)
  const head = {
    'Content-Type': `text/${isBrowser ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-cache, no-store',
    Server: 'Cowboy',
    Via: '1.1 vegur',
  }
  return { head, body }
}
