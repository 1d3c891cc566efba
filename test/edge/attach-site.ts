import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { after, type TestContext } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { Problem } from '../../src/core/problem.ts'
import type { TerminalSize } from '../../src/core/terminal-size.ts'
import {
  FRAME,
  type Frame,
  type FrameKind,
  frameHeader,
  jsonFrame,
  readFrames,
} from '../../src/core/wire/frame.ts'
import type { Wire } from '../../src/core/wire/wire.ts'
import { type AttachOptions, serveAttach } from '../../src/edge/attach/serve-attach.ts'
import { keepCertificate } from '../../src/edge/tls/keep-certificate.ts'
import { until } from '../harness.ts'

const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
after(() => rmSync(folder, { recursive: true }))
export const CERTIFICATE = await keepCertificate(folder, [])

/** A dyno as the manifold has it: the near end of a wire. */
export type Dyno = {
  readonly frames: readonly Frame[]
  readonly terminal: TerminalSize | null | undefined
  /** How often it heard that the client is gone, and that it may go on. */
  readonly closed: number
  readonly drained: number
  readonly wire: Wire
  up(): void
  /** False asks it to pause. */
  prints(text: string | Uint8Array, kind?: FrameKind): boolean
  exits(status: number, message?: string): void
  /** The input so far. */
  input(): string
  has(kind: FrameKind): boolean
}

export type AttachSite = {
  readonly port: number
  readonly asked: readonly string[]
  /** Waits until a client is with the dyno of this token. */
  dyno(token?: string): Promise<Dyno>
  /** A client that speaks TLS; its first words are `first`. */
  client(first?: string): Client
}

export type Client = {
  readonly socket: TLSSocket
  /** What it read, piece by piece. */
  readonly pieces: readonly string[]
  text(): string
  /** Is gone without a word. */
  reset(): void
  reads(pattern: RegExp): Promise<string>
  ends(): Promise<void>
}

type SiteOptions = Partial<AttachOptions> & {
  readonly hasTerminal?: boolean
  /** Leaves the wire of who comes paused, as the manifold does until its dyno runs. */
  readonly isPaused?: boolean
}

/** Tokens that begin with `no` are unknown, and who comes with `late` is too late. */
export async function openAttach(t: TestContext, options: SiteOptions = {}): Promise<AttachSite> {
  const dynos = new Map<string, Dyno>()
  const asked: string[] = []
  const clients = new Set<TLSSocket>()
  const site = await serveAttach({
    ...{ port: 0, certificate: CERTIFICATE, hostKey: CERTIFICATE.key },
    meet(token) {
      asked.push(token)
      if (token.startsWith('no')) return undefined
      return {
        hasTerminal: options.hasTerminal ?? false,
        join(wire, terminal) {
          if (token === 'late') throw new Problem('not-found', 'Your dyno is gone.')
          dynos.set(token, openDyno(wire(), terminal, options.isPaused ?? false))
        },
      }
    },
    ...options,
  })
  t.after(() => {
    for (const socket of clients) socket.destroy()
    site.close()
  })
  return {
    ...{ port: site.port, asked },
    async dyno(token = 'token') {
      await until(
        () => dynos.has(token),
        () => 'nobody came',
      )
      return dynos.get(token)!
    },
    client(first) {
      const client = openClient(site.port, first)
      clients.add(client.socket)
      return client
    },
  }
}

function openDyno(wire: Wire, terminal: TerminalSize | null | undefined, isPaused: boolean): Dyno {
  const frames: Frame[] = []
  const told = { closed: 0, drained: 0 }
  const read = readFrames()
  wire.listen({
    received: (chunk) => void frames.push(...read(chunk)),
    drained: () => void told.drained++,
    closed: () => void told.closed++,
  })
  if (isPaused) wire.pause()
  return {
    ...{ frames, terminal, wire },
    get closed() {
      return told.closed
    },
    get drained() {
      return told.drained
    },
    up: () => void wire.write(jsonFrame(FRAME.up, { name: 'run.1' })),
    prints(text, kind = FRAME.stdout) {
      const payload = Buffer.from(text)
      return wire.write(frameHeader(kind, payload.length), payload)
    },
    exits(status, message) {
      wire.write(jsonFrame(FRAME.exit, { status, message }))
      wire.end()
      wire.resume()
    },
    input: () =>
      Buffer.concat(
        frames.filter(({ kind }) => kind === FRAME.stdin).map(({ payload }) => payload),
      ).toString(),
    has: (kind) => frames.some((frame) => frame.kind === kind),
  }
}

function openClient(port: number, first?: string): Client {
  const tcp = connectTcp(port, '127.0.0.1').on('error', () => {})
  const socket = connect({ socket: tcp, rejectUnauthorized: false })
  const pieces: string[] = []
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => pieces.push(piece))
  socket.on('error', () => {})
  if (first !== undefined) socket.write(first)
  const text = () => pieces.join('')
  return {
    ...{ socket, pieces, text },
    reset: () => void tcp.resetAndDestroy(),
    async reads(pattern) {
      await until(
        () => pattern.test(text()),
        () => `never read ${pattern}, but ${text().slice(-1000)}`,
      )
      return text()
    },
    ends: () =>
      until(
        () => socket.closed,
        () => `still open: ${text().slice(-1000)}`,
      ),
  }
}
