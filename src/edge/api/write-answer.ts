import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { Answer } from '../../core/api/exchange.ts'
import { streamLines } from './stream-lines.ts'

/**
 * Writes an answer; of one in JSON `extra` sees the text, and has headers to add or a status to put in its place, and
 * the connection is left alone until `ready` resolves.
 */
export function writeAnswer(
  response: ServerResponse,
  answer: Answer,
  { extra = () => ({}), ready }: Writing = {},
): void {
  if ('follow' in answer) {
    streamLines(response, answer.follow)
    return
  }
  if ('bytes' in answer) {
    response.writeHead(200, { 'Content-Type': answer.type })
    const bytes = Readable.from(answer.bytes, { objectMode: false })
    if (response.req.method === 'HEAD') {
      bytes.on('error', () => {}).destroy()
      response.end()
    }
    // A client that is gone before the end, or a file that cannot be read on, cuts the answer short.
    else pipeline(bytes, response, () => {})
    return
  }
  const json = `${JSON.stringify(answer.body)}\n`
  const { headers = {}, status = answer.status } = extra(json, answer.status)
  const text = Buffer.from(json) // a string would take the headers along, into UTF-8 once more
  const warning: Record<string, string> = answer.warning
    ? { 'X-Heroku-Warning': headerText(answer.warning) }
    : {}
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...warning,
    ...answer.headers,
    ...headers,
    ...(ready ? { 'Content-Length': text.length } : {}),
  })
  if (ready) {
    response.write(text)
    void ready.then(() => response.end())
  } else response.end(status === 304 ? undefined : text)
  const closed = () => {
    if (!response.writableFinished) answer.unheard?.()
  }
  // It may have been closed before there was an answer.
  if (response.destroyed) closed()
  else response.once('close', closed)
}

/** Answers that something went wrong, or ends what is half answered. `fault` is not called where nobody is left to tell. */
export function answerFault(request: IncomingMessage, response: ServerResponse, fault: () => Answer): void {
  if (!request.socket.destroyed && !response.headersSent) writeAnswer(response, fault())
  else response.destroy()
}

// Node takes the bytes of a header only: these are the text's in UTF-8. Lines become one.
function headerText(text: string): string {
  return Buffer.from(text.replaceAll(/\p{Cc}/gu, ' ')).toString('latin1')
}

type Writing = {
  readonly extra?: (text: string, status: number) => Extra
  readonly ready?: Promise<void>
}

export type Extra = { readonly headers?: Readonly<Record<string, string>>; readonly status?: number }
