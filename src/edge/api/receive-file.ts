import { createWriteStream, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Answer } from '../../core/exchange.ts'
import { refusal } from '../../core/platform/refusal.ts'

/** The most that a slug's file may have, in bytes. Heroku takes 500 MB of slug. */
const MAX_FILE = 2 * 1024 ** 3

/** Writes a body into a file of ours, hands that on when it is whole, and removes it when that is done. */
export async function receiveFile(
  request: IncomingMessage,
  path: string,
  take: (path: string) => Promise<Answer>,
): Promise<Answer> {
  let size = 0
  const measure = new Transform({
    transform(chunk: Buffer, _, next) {
      size += chunk.length
      next(size > MAX_FILE ? new Error('too long') : null, chunk)
    },
  })
  try {
    await pipeline(request, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    return await take(path)
  } catch (error) {
    if (size > MAX_FILE) return refusal(413, `A slug's file has at most ${MAX_FILE / 1024 ** 3} GiB.`)
    if (request.destroyed || request.errored) throw error // nobody is left to tell
    return refusal(422, `The file cannot be kept: ${(error as Error).message}.`)
  } finally {
    rmSync(path, { force: true })
  }
}
