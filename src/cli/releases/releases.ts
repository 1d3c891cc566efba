import { releaseJson } from '../../core/api/release-api.ts'
import { age } from '../../core/listing.ts'
import {
  currentRelease,
  cutShort,
  type ReleaseRecord,
  releaseNamed,
  shortSlug,
} from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { configText, SHOW_FLAG, showsValues } from '../config/config-text.ts'
import { askIfThere } from '../dial.ts'
import { countOf } from '../flag-numbers.ts'
import { appPath, findPlace, type Place } from '../place.ts'
import { sections, table, typeRows } from '../table.ts'

/** How many are listed, as on Heroku. */
const LISTED = 15

export const releases: Command = {
  usage: 'dyno releases [-n N] [--json]',
  summary: 'Lists the releases, the newest first.',
  flags: [
    APP_FLAG,
    { name: 'num', short: 'n', value: 'N', help: `how many (default ${LISTED})` },
    { name: 'json', help: "the Platform API's list" },
  ],
  examples: ['dyno releases', 'dyno releases -n 50', 'dyno releases --json'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const records = await readSettled(place)
    const newest = [...records]
      .reverse()
      .slice(0, countOf(flags, 'num', { of: 'releases', least: 1, typed: '-n' }) ?? LISTED)
    const current = currentRelease(records)
    if (flags.has('json')) {
      const all = newest.map((record) => releaseJson(record, place.app, record === current))
      process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
    } else if (newest.length === 0) {
      process.stdout.write(`No releases on ${place.app.name}\n`)
    } else {
      const head = `=== ${place.app.name} Releases${current ? ` - Current: v${current.version}` : ''}`
      process.stdout.write(`${head}\n\n${table(newest.map(row)).join('\n')}\n`)
    }
    return 0
  },
}

export const releasesInfo: Command = {
  usage: 'dyno releases:info [vN] [--show]',
  summary: 'Shows a release: what made it, its slug, process types and config vars.',
  flags: [APP_FLAG, SHOW_FLAG],
  words: [['releases']],
  examples: ['dyno releases:info', 'dyno releases:info v3'],
  async run({ flags, words: [name] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const records = await readSettled(place)
    const record =
      name === undefined
        ? (currentRelease(records) ?? releaseNamed(records, 'v1'))
        : releaseNamed(records, name)
    const { version, user, createdAt, slug, processTypes, config } = record
    const facts = [
      ['Change:', described(record)],
      ['By:', user],
      ['When:', new Date(createdAt).toISOString()],
      ['Slug:', slug ?? 'none'],
    ]
    process.stdout.write(
      sections([
        [`Release v${version}`, table(facts)],
        [`v${version} Process types`, typeRows(processTypes)],
        [`v${version} Config vars`, configText(config, showsValues(flags))],
      ]),
    )
    return 0
  },
}

// A release command that is executing has a manifold; one that was killed has left its release pending. The next keeps it
// as failed when it is first asked.
async function readSettled(place: Place): Promise<readonly ReleaseRecord[]> {
  const { records } = readReleases(place.state)
  if (!records.some(({ status }) => status === 'pending')) return records
  const path = `${appPath(place)}/releases`
  if (await askIfThere(place, { method: 'GET', path })) return readReleases(place.state).records
  return records.map(cutShort)
}

function row(record: ReleaseRecord): string[] {
  const { version, user, createdAt } = record
  const at = new Date(createdAt).toISOString().replace('T', ' ').slice(0, 19)
  return [`v${version}`, described(record), user, `${at} (~ ${age(Date.now() - createdAt)} ago)`]
}

function described({ description, status, slug }: ReleaseRecord): string {
  const named =
    slug !== null && description.startsWith('Rollback') ? `${description} (${shortSlug(slug)})` : description
  if (status === 'failed') return `${named} release command failed`
  return status === 'pending' ? `${named} release command executing` : named
}
