import { existsSync, readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import type { AppJson } from '../../core/api/app-api.ts'
import type { Answer, Request } from '../../core/api/exchange.ts'
import { Problem } from '../../core/problem.ts'
import { terminalQuery } from '../../core/terminal-size.ts'
import type { Wire } from '../../core/wire/wire.ts'
import { ask, NobodyThere, stream, upgrade } from '../../edge/dial-manifold.ts'
import type { FoundNeighbour, FoundNeighbours } from '../../manifold/edges.ts'
import type { Place } from '../place.ts'

/** How long a manifold may take to say whose it is, in milliseconds; one that is stopped never does. */
const PATIENCE = 2000

/** The other manifolds of this person, each as one that can be asked, or that does not answer. */
export async function findNeighbours({
  folders: { state },
  socket: ours,
}: Pick<Place, 'socket'> & { readonly folders: Pick<Place['folders'], 'state'> }): Promise<FoundNeighbours> {
  const runtime = dirname(ours)
  const sockets = readdirSync(runtime)
    .filter((name) => name.endsWith('.sock'))
    .map((name) => `${runtime}/${name}`)
    .filter((path) => path !== ours)
  const met = await Promise.all(sockets.map(meetNeighbour))
  return {
    found: met.filter((neighbour) => typeof neighbour === 'object'),
    silent: sockets.flatMap((path, i) => (met[i] === 'silent' ? keptApp(state, path) : [])),
  }
}

// The folder of what is kept of an app has its name and its key; an app that is only checked has none there.
function keptApp(state: string, socket: string): FoundNeighbours['silent'] {
  const key = basename(socket, '.sock')
  const folder = existsSync(state) ? readdirSync(state).find((each) => each.endsWith(`-${key}`)) : undefined
  return folder === undefined ? [] : [{ name: folder.slice(0, -`-${key}`.length), key }]
}

async function meetNeighbour(path: string): Promise<FoundNeighbour | 'silent' | undefined> {
  try {
    const late = new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), PATIENCE).unref())
    const reply = await Promise.race([ask(path, { method: 'GET', path: '/apps' }), late])
    if (reply === 'silent') return reply
    const app = (reply.body as AppJson[] | undefined)?.[0]
    if (!app?.root.startsWith('/')) return undefined // one that is only checked has the name of its app, and no folder
    return {
      app,
      ask: (request) => askNeighbour(path, request),
      attach: (at, wire, terminal) => joinNeighbour(path, at + terminalQuery(terminal), wire()),
    }
  } catch {
    return undefined // it has just gone, or was killed and its socket is left
  }
}

async function askNeighbour(socketPath: string, { method, path, body, user }: Request): Promise<Answer> {
  if (path.startsWith('/logs/')) return followNeighbour(socketPath, path)
  const headers = { 'X-User': encodeURIComponent(user) }
  const call = { method, path: encoded(path), headers, ...(body === null ? {} : { body }) }
  const {
    status,
    body: answered,
    warning,
  } = await ask(socketPath, call).catch((error: unknown) => {
    if (error instanceof NobodyThere) throw new Problem('not-found', 'The manifold of that app has ended.')
    throw error
  })
  return { status, body: answered, ...(warning === undefined ? {} : { warning }) }
}

// What stands in a name must not become more than that at the other end.
function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

// Events are taken apart and made again at our end: whoever reads slowly there misses lines there.
function followNeighbour(socketPath: string, path: string): Answer {
  return {
    follow(write, end) {
      let hasLeft = false
      let socket: Socket | undefined
      const begin = async () => {
        socket = await stream(socketPath, path)
        if (!socket || hasLeft) return void socket?.destroy()
        let text = ''
        for await (const chunk of socket.setEncoding('utf8')) {
          const events = (text + chunk).split('\n\n')
          text = events.pop()!
          const lines = events.map((event) => event.slice(event.indexOf('data: ') + 'data: '.length))
          if (lines.length > 0) write(lines)
        }
      }
      // It ends with its manifold as well.
      const over = () => {
        if (!hasLeft) end()
      }
      void begin().then(over, over)
      return () => {
        hasLeft = true
        socket?.destroy()
      }
    },
  }
}

// Frames go through as they are.
function joinNeighbour(socketPath: string, path: string, wire: Wire): void {
  let isOver = false
  let socket: Socket | undefined
  const end = () => {
    if (isOver) return
    isOver = true
    wire.end()
    wire.resume()
  }
  wire.listen({
    received(chunk) {
      if (!socket?.write(chunk)) wire.pause()
    },
    drained: () => socket?.resume(),
    closed() {
      isOver = true
      socket?.destroy()
    },
  })
  wire.pause() // until there is somebody who takes it: what waits here has no end, and what waits there has
  const begin = async () => {
    const joined = await upgrade(socketPath, path)
    if (!joined) return end()
    if (isOver) return void joined.destroy()
    socket = joined
    joined.on('data', (chunk: Buffer) => {
      if (!wire.write(new Uint8Array(chunk))) joined.pause()
    })
    joined.on('drain', () => wire.resume())
    joined.on('error', () => joined.destroy())
    joined.on('close', end)
    joined.resume()
    wire.resume()
  }
  begin().catch(end)
}
