import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { age } from '../../core/listing.ts'
import { shortSlug } from '../../core/release-record.ts'
import { sizeText } from '../../core/slug/slug-list.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { type KeptSlug, keptSlugs, pruneSlug, slugsInUse } from '../../edge/slugs/prune-slugs.ts'
import { askChoice, canAsk } from '../ask-person.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { countOf } from '../flag-numbers.ts'
import { findPlace, type Place } from '../place.ts'
import { table } from '../table.ts'

/** Of how many releases of each app the slugs are kept. */
const KEPT = 10

export const slugs: Command = {
  usage: 'dyno slugs',
  summary: 'Lists the slugs in the cache, of all apps, with their sizes and releases.',
  flags: [APP_FLAG],
  examples: ['dyno slugs'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const kept = keptSlugs(place.folders.cache)
    const users = releasesBySlug(place, Number.POSITIVE_INFINITY)
    const rows = kept.map(({ sha256, bytes, since }) => {
      return [
        shortSlug(sha256),
        sizeText(bytes),
        `${age(Date.now() - since)} ago`,
        (users.get(sha256) ?? []).join(', '),
      ]
    })
    const all = sizeText(sum(kept))
    process.stdout.write(
      `=== Slugs: ${kept.length}, ${all}\n\n${table(rows)
        .map((row) => `${row}\n`)
        .join('')}`,
    )
    return 0
  },
}

export const slugsPrune: Command = {
  usage: 'dyno slugs:prune [--keep N]',
  summary: 'Removes slugs from the cache that nothing runs on and no newer release of any app needs.',
  flags: [
    APP_FLAG,
    { name: 'keep', value: 'N', help: `keep the slugs of so many releases of each app (default ${KEPT})` },
    { name: 'yes', short: 'y', help: 'ask nothing' },
  ],
  examples: ['dyno slugs:prune', 'dyno slugs:prune --keep 3 --yes'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const needed = new Set([
      ...releasesBySlug(place, countOf(flags, 'keep', { of: 'releases', least: 1 }) ?? KEPT).keys(),
      ...slugsInUse(place.folders.cache),
    ])
    const doomed = keptSlugs(place.folders.cache).filter(({ sha256 }) => !needed.has(sha256))
    const what = `${doomed.length} ${doomed.length === 1 ? 'slug' : 'slugs'} (${sizeText(sum(doomed))})`
    if (doomed.length > 0 && !flags.has('yes') && canAsk()) {
      if ((await askChoice(`Remove ${what}?`, ['Remove them', 'Keep them'])) !== 0) return 1
    }
    for (const { sha256 } of doomed) pruneSlug(place.folders.cache, sha256)
    process.stdout.write(doomed.length > 0 ? `Removed ${what}.\n` : 'There is nothing to remove.\n')
    return 0
  },
}

const sum = (kept: readonly KeptSlug[]): number => kept.reduce((all, { bytes }) => all + bytes, 0)

// `widgets v3` of every app whose state is kept here, by the slug it runs on; of the newest releases that did not fail.
function releasesBySlug({ state }: Place, newest: number): Map<string, string[]> {
  const users = new Map<string, string[]>()
  for (const name of folders(dirname(state))) {
    const { records } = readReleases(`${dirname(state)}/${name}`)
    const good = records.filter(({ status }) => status === 'succeeded')
    for (const { slug, version } of good.slice(-newest)) {
      if (slug === null) continue
      users.set(slug, [...(users.get(slug) ?? []), `${name.replace(/-[^-]*$/, '')} v${version}`])
    }
  }
  return users
}

function folders(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return [] // no app ran here yet
  }
}
