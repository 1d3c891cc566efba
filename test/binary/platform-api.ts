import assert from 'node:assert/strict'
import { connect } from 'node:tls'
import { until } from '../harness.ts'

/** Talks to a port with TLS, and hands back what it has said so far. */
export function talk(
  address: string,
  words: string,
): { say(words: string): void; heard(): string; end(): void } {
  const { hostname, port } = new URL(address)
  let text = ''
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  socket.write(words)
  return { say: (more) => socket.write(more), heard: () => text, end: () => socket.destroy() }
}

/** Creates an attached one-off, as Heroku's CLI does; the answer is where it is attached. */
export async function createAttached(exports: string, command: string): Promise<URL> {
  const [, host] = /HEROKU_HOST=(\S+)/.exec(exports)!
  const [, key] = /HEROKU_API_KEY=(\S+)/.exec(exports)!
  const answer = await fetch(`${host}/apps/app/dynos`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, Accept: 'application/vnd.heroku+json; version=3' },
    body: JSON.stringify({ command, attach: true, force_no_tty: true }),
  })
  assert.equal(answer.status, 201)
  return new URL(((await answer.json()) as { attach_url: string }).attach_url)
}

/** Waits until this was heard. */
export function hears(talk: { heard(): string }, pattern: RegExp): Promise<void> {
  return until(
    () => pattern.test(talk.heard()),
    () => `heard ${JSON.stringify(talk.heard())}`,
  )
}
