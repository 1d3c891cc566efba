import { type ReleaseRecord, releaseNamed } from '../../core/release-record.ts'
import { readRelease, readReleases } from '../../edge/keep-releases.ts'
import { runningFormation } from '../ask-dynos.ts'
import type { Typed } from '../command.ts'
import type { Place } from '../place.ts'
import { tellChanged } from '../releases/tell-changed.ts'
import { ourCaller, prepareStack, type StackOptions } from '../stack.ts'

/** How much of our shell a one-off gets. */
type Shell = Pick<StackOptions, 'inherit' | 'tty' | 'isQuiet'>

/** A stack as a request for a one-off says it, and the SHA-256 of its slug; null where the release has none. */
export type OneOffStack = { readonly body: object; readonly slug: string | null }

/**
 * What a one-off runs on, as its request says it: the release that was asked for, or else the one that the formation
 * runs on, or else the app folder as it is now.
 */
export async function oneOffStack(place: Place, flags: Typed['flags'], shell: Shell): Promise<OneOffStack> {
  const record = await releaseFor(place, flags)
  if (record) return { body: { release: `v${record.version}`, caller: ourCaller(shell) }, slug: record.slug }
  const stack = await prepareStack(place, { slugFile: flags.get('slug'), ...shell })
  return { body: { stack }, slug: stack.slug }
}

async function releaseFor(place: Place, flags: Typed['flags']): Promise<ReleaseRecord | undefined> {
  const asked = flags.get('release')
  if (asked !== undefined) return releaseNamed(readReleases(place.state).records, asked)
  if (flags.has('slug')) return undefined
  const formation = await runningFormation(place)
  if (!formation || formation.live) return undefined
  const { version } = formation
  const record = readRelease(place.state, version) // one of perhaps hundreds, and `dyno run` is felt
  tellChanged(place, formation, record)
  return record ?? releaseNamed(readReleases(place.state).records, `v${version}`)
}
