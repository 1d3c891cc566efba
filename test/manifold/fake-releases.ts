import type { ReleaseJson } from '../../src/core/api/release-api.ts'
import { bodyOf, messageOf, openFakeManifold, SLUG } from './fake-client.ts'
import { settle } from './fake-edges.ts'

const RELEASES = '/apps/widgets/releases'
export const OTHER = 'cd'.repeat(32)
export const WEB = { worker: 'node worker.js' }
export const WITH_COMMAND = { ...WEB, release: 'bin/migrate' }
export const stack = (slug = SLUG, types: Record<string, string> = WEB) => ({
  slug,
  process_types: types,
  config: { A: '1' },
})

/** A manifold, and what tests of releases ask it and read of it. */
export function opened() {
  const fake = openFakeManifold()
  const start = async (parts: Record<string, unknown> = {}) => {
    const updates = [{ type: 'worker', quantity: 1 }]
    const body = { stack: stack(), port: 5000, updates, ...parts }
    const answer = await fake.ask('POST', '/apps/widgets/formation', { body })
    await settle()
    return answer
  }
  const release = (body: unknown) => fake.ask('POST', RELEASES, { body })
  const list = async () =>
    (bodyOf(await fake.ask('GET', RELEASES)) as ReleaseJson[]).map(
      ({ version, description, status, current }) =>
        `v${version} ${description} ${status}${current ? ' *' : ''}`,
    )
  const told = () => fake.logged().filter((line) => line.startsWith('app[api]'))
  const lives = () =>
    fake.manifold
      .dynos()
      .map((dyno) => `${dyno.name} ${dyno.state.is}${'version' in dyno ? ` v${dyno.version}` : ''}`)
  return { ...fake, start, release, list, told, lives, message: messageOf }
}
