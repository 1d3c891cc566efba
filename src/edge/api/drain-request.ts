import type { IncomingMessage } from 'node:http'

/** How long what is sent on is read and thrown away, in milliseconds, and how much of it, in bytes. */
const [LONGEST, MOST] = [2000, 1024 ** 3]

/**
 * Throws away what a client still sends of its request, and resolves when that was all, or for too long or too much.
 * Whoever hung up before would reset the connection, and a client that reads only once it has sent would never see its
 * answer.
 */
export function drainRequest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const enough = setTimeout(resolve, LONGEST).unref()
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MOST) resolve()
    })
    request.once('close', () => {
      clearTimeout(enough)
      resolve()
    })
    request.once('end', resolve)
    request.resume()
  })
}
