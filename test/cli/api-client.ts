import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { dyno, GIVE_UP, type Sandbox } from '../harness.ts'

/** The Platform API of an app on its port, as `dyno api --env` tells of it. */
export type OpenApi = {
  readonly port: number
  readonly key: string
  readonly authorities: string
  /** With the key unless another one is given; '' is none. */
  call(method: string, path: string, body?: unknown, key?: string): Promise<Reply>
}

export type Reply = {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The answer's JSON, unchecked. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where that is not so
  readonly body: any
}

/** Opens it for the app in `cwd`. */
export async function openPort(sandbox: Sandbox, cwd = sandbox.app): Promise<OpenApi> {
  const { stdout, stderr } = await dyno(sandbox, ['api', '--env'], { cwd })
  const said = new Map(
    [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  )
  const [url, key, authorities] = ['HEROKU_HOST', 'HEROKU_API_KEY', 'NODE_EXTRA_CA_CERTS'].map((name) =>
    said.get(name),
  )
  if (!url || !key || !authorities) throw new Error(`no lines for a shell: ${stdout}${stderr}`)
  const port = Number(new URL(url).port)
  return {
    ...{ port, key, authorities },
    call: (method, path, body, given = key) => call({ port, method, path, body, key: given }),
  }
}

type Call = { port: number; method: string; path: string; body: unknown; key: string }

function call({ port, method, path, body, key }: Call): Promise<Reply> {
  const content = body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const headers = {
    ...(key === '' ? {} : { Authorization: `Bearer ${key}` }),
    ...(content === undefined ? {} : { 'Content-Length': Buffer.byteLength(content) }),
    Host: `localhost:${port}`,
  }
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      async (response) => {
        const text = (await response.toArray()).join('')
        const isJson = response.headers['content-type'] === 'application/json'
        const { statusCode: status, headers } = response
        resolve({ status: status!, text, headers, body: isJson ? JSON.parse(text) : null })
      },
    )
    sent.setTimeout(GIVE_UP, () => sent.destroy(new Error(`${method} ${path} was never answered`)))
    sent.once('error', reject)
    sent.end(content)
  })
}

/** A connection with a dyno's terminal, as far as TLS; `said` is what has come. */
export async function meet(attachUrl: string): Promise<{ socket: Socket; token: string; said(): string }> {
  const { port, pathname } = new URL(attachUrl)
  const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false })
  let text = ''
  socket.on('error', () => {}) // 'close' follows
  socket.on('data', (chunk) => {
    text += chunk
  })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('close', reject))
  return { socket, token: `${pathname.slice(1)}\r\n`, said: () => text }
}

/** The path of an address. */
export function at(url: string): string {
  return new URL(url).pathname
}

/** Files of uploads and of slugs that are not whole, in a sandbox's folders. */
export function leftovers({ folder }: Sandbox): string[] {
  const names = [`${folder}/run/dyno`, `${folder}/cache/dyno`].flatMap((path) =>
    readdirSync(path, { recursive: true }).map(String),
  )
  return names.filter((name) => /blob-|\.tmp/.test(name))
}

/** Waits until something that must be asked for is so. */
export async function comes(isSo: () => Promise<boolean>, otherwise: () => string): Promise<void> {
  const giveUp = Date.now() + GIVE_UP
  while (!(await isSo())) {
    if (Date.now() > giveUp) throw new Error(otherwise())
    await sleep(50)
  }
}
