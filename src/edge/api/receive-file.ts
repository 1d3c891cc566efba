import { rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Answer } from '../../core/api/exchange.ts'
import { refusal } from '../../core/platform/refusal.ts'

/** The most that a slug's file may have, in bytes. Heroku takes 500 MB of slug. */
const MAX_FILE = 2 * 1024 ** 3

/** Writes a body into a file of ours, hands that on when it is whole, and removes it when that is done. */
export async function receiveFile(
  request: IncomingMessage,
  path: string,
  take: (path: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    const refused = await keep(request, path)
    return refused ?? (await take(path))
  } finally {
    rmSync(path, { force: true })
  }
}

// Rejects when the client leaves before the end. The request itself is left to be answered, whatever becomes of the file.
async function keep(request: IncomingMessage, path: string): Promise<Answer | undefined> {
  const tooLong = refusal(413, `A slug's file has at most ${MAX_FILE / 1024 ** 3} GiB.`)
  if (Number(request.headers['content-length'] ?? 0) > MAX_FILE) return tooLong
  const file = await open(path, 'wx', 0o600)
  try {
    let size = 0
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_FILE) return tooLong
      const failed = await file.appendFile(chunk).catch(codeOf)
      if (failed) return refusal(422, `The file cannot be kept here (${failed}).`)
    }
    return undefined
  } finally {
    await file.close()
  }
}

function codeOf({ code, message }: NodeJS.ErrnoException): string {
  return code ?? message
}
