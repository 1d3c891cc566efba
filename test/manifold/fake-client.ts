import assert from 'node:assert/strict'
import { type DynoJson, dynoRequest } from '../../src/core/api/api.ts'
import type { Answer, Request } from '../../src/core/api/exchange.ts'
import { appAt } from '../../src/core/app.ts'
import { PATIENCE } from '../../src/core/patience.ts'
import {
  FRAME,
  type FrameKind,
  frameHeader,
  framePayload,
  jsonFrame,
  readFrames,
} from '../../src/core/wire/frame.ts'
import type { Wire, WireEvents } from '../../src/core/wire/wire.ts'
import { type Api, openApi } from '../../src/manifold/answer.ts'
import { type OpenManifold, openManifold } from '../../src/manifold/open.ts'
import { type FakeWorld, openFakeWorld, settle } from './fake-edges.ts'

export const SLUG = 'ab'.repeat(32)

/** A manifold with its API in a fake world. */
export type FakeManifold = {
  readonly world: FakeWorld
  readonly manifold: OpenManifold
  readonly api: Api
  ask(method: string, path: string, options?: Partial<Request>): Promise<Answer>
  /** Creates a dyno and answers with it; every part of the body can be another. */
  create(body?: Record<string, unknown>): Promise<DynoJson>
  /** Creates an attached one-off and joins it. */
  attach(body?: Record<string, unknown>): Promise<FakeClient>
  /** Ends a dyno's first process with this status. */
  exit(name: string, code: number): Promise<void>
  /** The log without its stamps. */
  logged(): string[]
}

export function openFakeManifold(): FakeManifold {
  const world = openFakeWorld()
  const app = appAt('/home/ada/widgets')
  const manifold = openManifold({ app, edges: world.edges, nextOneOff: 1, patience: PATIENCE })
  const api = openApi(manifold, world.edges)
  const opened: FakeManifold = {
    world,
    manifold,
    api,
    ask(method, path, options = {}) {
      return api.answer({ method, path, query: new Map(), prefer: '', user: 'ada', body: null, ...options })
    },
    async create(parts = {}) {
      const body = { command: 'bash', stack: { slug: SLUG }, ...parts }
      dynoRequest(body) // a test's own mistake shows here
      const dyno = bodyOf(await opened.ask('POST', '/apps/widgets/dynos', { body })) as DynoJson
      await settle()
      return dyno
    },
    async attach(parts = {}) {
      const { attach_url: url } = await opened.create({ attach: true, force_no_tty: true, ...parts })
      const client = openFakeClient()
      api.attach(url!, () => client.wire)
      await settle()
      return client
    },
    async exit(name, code) {
      world.child(name).exit({ how: 'code', code })
      await settle()
      await settle()
    },
    logged: () => world.log.map((line) => line.slice(33)),
  }
  return opened
}

/** The body of an answer that is JSON. */
export function bodyOf(answer: Answer): unknown {
  assert.ok('body' in answer)
  return answer.body
}

/** The sentence of an answer that refuses something. */
export function messageOf(answer: Answer): string {
  return (bodyOf(answer) as { message: string }).message
}

/** What a client at the far end of a wire sends and gets. */
export type FakeClient = {
  readonly wire: Wire
  send(kind: FrameKind, payload: string): void
  sendJson(kind: FrameKind, value: unknown): void
  sendBytes(chunk: Uint8Array): void
  /** Closes its end. */
  hangUp(): void
  /** Whether it reads; that it does again is reported. */
  readReady(ready: boolean): void
  /** Everything written to one stream so far. */
  read(stream: 'stdout' | 'stderr'): string
  /** The payloads of these frames, so far. */
  got(kind: 'up' | 'exit'): unknown[]
  /** How often something was written to it. */
  readonly writes: () => number
  readonly isEnded: () => boolean
  readonly isPaused: () => boolean
}

export function openFakeClient(): FakeClient {
  const read = readFrames()
  const frames: { kind: FrameKind; payload: Uint8Array }[] = []
  const queue: Uint8Array[] = []
  let events: WireEvents | undefined
  let ready = true
  let paused = false
  let ended = false
  let writes = 0
  const deliver = (): void => {
    while (!paused && events && queue.length > 0) events.received(queue.shift()!)
  }
  const payloads = (kind: FrameKind) => frames.filter((frame) => frame.kind === kind)
  const sendBytes = (chunk: Uint8Array): void => {
    queue.push(chunk)
    deliver()
  }
  return {
    wire: {
      write(...parts) {
        assert.ok(!ended, 'nothing is written after the end')
        writes++
        for (const part of parts) frames.push(...read(part.slice()))
        return ready
      },
      end: () => {
        ended = true
      },
      pause: () => {
        paused = true
      },
      resume() {
        paused = false
        deliver()
      },
      listen(heard) {
        events = heard
        queueMicrotask(deliver) // as a socket does: never while it is being listened to
      },
    },
    send(kind, text) {
      const payload = new TextEncoder().encode(text)
      sendBytes(Uint8Array.of(...frameHeader(kind, payload.length), ...payload))
    },
    sendJson: (kind, value) => sendBytes(jsonFrame(kind, value)),
    sendBytes,
    hangUp: () => events!.closed(),
    readReady(isReady) {
      const was = ready
      ready = isReady
      if (!was && ready) events!.drained()
    },
    read: (stream) => new TextDecoder().decode(joined(payloads(FRAME[stream]).map(({ payload }) => payload))),
    got: (kind) => payloads(FRAME[kind]).map(framePayload),
    writes: () => writes,
    isEnded: () => ended,
    isPaused: () => paused,
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
