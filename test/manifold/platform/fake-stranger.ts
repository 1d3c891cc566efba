import assert from 'node:assert/strict'
import type { Answer, PublicRequest } from '../../../src/core/api/exchange.ts'
import { bodyOf, type FakeManifold, openFakeManifold, SLUG } from '../fake-client.ts'

/** A manifold whose API is open, and somebody who reaches nothing but that. */
export type FakeStranger = FakeManifold & {
  knock(method: string, path: string, options?: Partial<PublicRequest>): Promise<Answer>
  /** What is answered to an order that must go well. */
  get(method: string, path: string, body?: unknown): Promise<Json>
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked into
export type Json = any

const TYPES = { web: 'node web.js', worker: 'node worker.js', release: 'migrate' }

/** Opens it on an app with one release, that no formation runs on. */
export async function openFakeStranger(how: object = {}): Promise<FakeStranger> {
  const fake = openFakeManifold()
  const stack = { slug: SLUG, process_types: TYPES, config: { A: '1' } }
  await fake.ask('POST', '/apps/widgets/releases', { body: { stack, without_command: true } })
  const start = { port: 5000 }
  const opened = await fake.ask('POST', '/apps/widgets/api', {
    body: { start, caller: { LANG: 'C' }, ...how },
  })
  assert.equal('status' in opened && opened.status, 201)
  const knock: FakeStranger['knock'] = (method, path, options = {}) => {
    const request = {
      method,
      path,
      query: new Map(),
      prefer: '',
      user: 'x',
      body: null,
      accept: '',
      range: '',
    }
    return fake.world.site!.answer({ ...request, ...options })
  }
  return {
    ...fake,
    knock,
    async get(method, path, body = null) {
      const answer = await knock(method, path, { body })
      const said = bodyOf(answer)
      assert.ok('status' in answer && answer.status < 300, JSON.stringify(said))
      return said
    },
  }
}
