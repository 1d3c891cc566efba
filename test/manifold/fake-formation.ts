import type { FormationJson } from '../../src/core/api/formation-api.ts'
import { bodyOf, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

export const FORMATION = '/apps/widgets/formation'
export const TYPES = { web: 'node web.js', worker: 'node worker.js' }
export const stack = { slug: SLUG, process_types: TYPES }

/** A manifold, and what tests of its formation ask it and read of it. */
export function opened() {
  const fake = openFakeManifold()
  const updates = Object.keys(TYPES).map((type) => ({ type, quantity: 1 }))
  /** Starts one web and one worker, unless said otherwise. */
  const start = (parts: Record<string, unknown> = {}) =>
    fake.ask('POST', FORMATION, { body: { stack, port: 5000, updates, ...parts } })
  const scale = (type: string, quantity: string) =>
    fake.ask('PATCH', FORMATION, { body: { updates: [{ type, quantity }] } })
  const states = () => fake.manifold.dynos().map(({ name, state }) => `${name} ${state.is}`)
  const quantities = async () => {
    const list = bodyOf(await fake.ask('GET', FORMATION)) as FormationJson[]
    return Object.fromEntries(list.map(({ type, quantity }) => [type, quantity]))
  }
  return { ...fake, start, scale, states, quantities }
}

/** The same, once its formation was started. */
export async function started(parts: Record<string, unknown> = {}) {
  const fake = opened()
  const answer = await fake.start(parts)
  await settle()
  return { ...fake, answer }
}
