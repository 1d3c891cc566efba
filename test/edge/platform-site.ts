import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import type { PublicRequest } from '../../src/core/api/exchange.ts'
import { refusal } from '../../src/core/platform/refusal.ts'
import { type Site, serveSite } from '../../src/edge/api/serve-site.ts'
import { until } from '../harness.ts'

export const KEY = 'the-key'

export type Follower = { write(lines: readonly string[]): void; end(): void; stopped: number }

/** A site at a port of its own, and what was asked of it. */
export type FakeSite = {
  readonly port: number
  readonly folder: string
  readonly asked: PublicRequest[]
  readonly followers: Follower[]
  /** Files that came whole, with their modes. */
  readonly files: { readonly text: string; readonly mode: number }[]
  /** Says these words, and answers with all that comes until the server hangs up. */
  ask(words: string | Buffer, host?: string): Promise<string>
  /** Says these words and stays. */
  say(words: string | Buffer, host?: string): { readonly socket: Socket; text(): string }
  /** A request's head for `ask`, with the key unless another `Authorization` is given. */
  head(line: string, ...headers: string[]): string
  close(): void
}

/** `/follow` is a log without end, `/file` a file, `/broken` a fault of ours; files are expected at `/blobs/good` and `/blobs/bad`. */
export async function openFakeSite(): Promise<FakeSite> {
  const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
  const sockets = new Set<Socket>()
  const asked: PublicRequest[] = []
  const files: FakeSite['files'] = []
  const followers: Follower[] = []
  const take = async (file: string) => {
    files.push({ text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 })
    return { status: 200, body: {} }
  }
  const site: Site = {
    key: KEY,
    async answer(request) {
      asked.push(request)
      if (request.path === '/broken') throw new Error('/a/secret/path')
      if (request.path === '/file') return { bytes: fileOf('the file'), type: 'application/gzip' }
      if (!request.path.endsWith('/follow')) return { status: 200, body: { seen: request.body } }
      return {
        follow(write, end) {
          const follower = { write, end, stopped: 0 }
          followers.push(follower)
          return () => void follower.stopped++
        },
      }
    },
    expects(path) {
      if (path === '/blobs/good') return take
      return path === '/blobs/bad' ? () => Promise.reject(new Error('/a/secret/path')) : undefined
    },
    fault: () => refusal(500, 'our fault'),
  }
  const served = await serveSite(site, { port: 0, folder })

  const say: FakeSite['say'] = (words, host = '127.0.0.1') => {
    const socket = connect({ host, port: served.port })
    sockets.add(socket)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => {}) // 'close' follows
    socket.write(words)
    return { socket, text: () => text }
  }
  return {
    ...{ port: served.port, folder, asked, followers, files, say },
    async ask(words, host) {
      const { socket, text } = say(words, host)
      await until(
        () => socket.closed,
        () => `never answered: ${text()}`,
      )
      return text()
    },
    head(line, ...headers) {
      const has = (name: string) => headers.some((header) => header.toLowerCase().startsWith(`${name}:`))
      const all = [
        line,
        ...(has('host') ? [] : [`Host: localhost:${served.port}`]),
        ...(has('authorization') ? [] : [`Authorization: Bearer ${KEY}`]),
        ...(has('connection') ? [] : ['Connection: close']),
        ...headers,
      ]
      return `${all.join('\r\n')}\r\n\r\n`
    },
    close() {
      served.close()
      for (const socket of sockets) socket.destroy()
      rmSync(folder, { recursive: true })
    },
  }
}

async function* fileOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

/** What is in the folder for files on their way. */
export function kept({ folder }: FakeSite): string[] {
  return readdirSync(folder)
}
