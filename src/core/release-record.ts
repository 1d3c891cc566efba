import type { Environment } from './environment.ts'
import { Problem } from './problem.ts'
import { named } from './safe-text.ts'
import { isSlugName } from './slug/slug-name.ts'

/** A release as it is kept: what it runs on, and how it came to be. */
export type ReleaseRecord = {
  readonly version: number
  readonly id: string
  /** Pending while its release command runs; one that failed never runs. */
  readonly status: 'pending' | 'succeeded' | 'failed'
  /** What made it: `Deploy 3f2a81c0`, `Set A config vars`, `Rollback to v7`. */
  readonly description: string
  readonly user: string
  /** In milliseconds since 1970. */
  readonly createdAt: number
  /** The slug's SHA-256; null where config vars were set before there was one. */
  readonly slug: string | null
  /** The slug's UUID where the API made it. */
  readonly slugId?: string
  readonly processTypes: ReadonlyMap<string, string>
  readonly config: Environment
  readonly settings: Settings
  /** What was not set by people is what the app's .env said, read as it is where nobody says otherwise. */
  readonly ofDotenv?: boolean
}

/** The releases that are kept, the oldest first, and files that are no whole release. */
export type KeptReleases = {
  readonly records: readonly ReleaseRecord[]
  /** The highest number that was ever given, to one of those as well. */
  readonly highest: number
  readonly broken: readonly string[]
}

/** Config vars that people have set, or taken away (null), whatever the app's files say. */
export type Settings = Readonly<Record<string, string | null>>

/** What a release runs on. */
export type ReleaseContent = Pick<
  ReleaseRecord,
  'slug' | 'slugId' | 'processTypes' | 'config' | 'settings' | 'ofDotenv'
>

/** The config vars of the app's files with what people have set over them. */
export function overlaid(config: Environment, settings: Settings): Environment {
  const all = Object.entries({ ...config, ...settings })
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== null))
}

/** The newest release that did not fail: the one that runs, or would. */
export function currentRelease(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return records.findLast(({ status }) => status === 'succeeded')
}

/** The one that `v7`, `7` or an id names; throws a Problem with those there are. */
export function releaseNamed(records: readonly ReleaseRecord[], name: string): ReleaseRecord {
  const version = Number(/^v?(\d{1,9})$/.exec(name)?.[1])
  const found = records.find((record) => record.version === version || record.id === name)
  if (found) return found
  const newest = records.at(-1)
  throw new Problem(
    'not-found',
    newest ? `There is no release ${named(name)}; the newest is v${newest.version}.` : NO_RELEASE,
  )
}

/** How the newest release that did not fail is named. */
export const CURRENT = 'current'

/** The one that such a name means, or `current`; throws a Problem with those there are. */
export function releaseMeant(records: readonly ReleaseRecord[], name: string): ReleaseRecord {
  return (name === CURRENT ? currentRelease(records) : undefined) ?? releaseNamed(records, name)
}

/** The Problem with a release whose slug was removed. */
export function slugGone({ version }: ReleaseRecord): Problem {
  return new Problem('slug', `The slug of v${version} is not kept any more; choose a later release.`)
}

/** What a rollback without a version goes back to: the newest but one that runs on a slug. */
export function releaseBefore(records: readonly ReleaseRecord[]): ReleaseRecord {
  const good = records.filter(({ status, slug }) => status === 'succeeded' && slug !== null)
  const before = good.at(-2)
  if (before) return before
  throw new Problem('not-found', good.length > 0 ? 'There is no release before this one.' : NO_RELEASE)
}

const NO_RELEASE = "There is no release yet; 'dyno release' or 'dyno start' makes the first one."

/** Whether both run on the same. */
export function isSameContent(a: ReleaseContent, b: ReleaseContent): boolean {
  return contentText(a) === contentText(b)
}

/** What is left of a release whose manifold is gone: one that was pending when that was killed did not succeed. */
export function cutShort(record: ReleaseRecord): ReleaseRecord {
  return record.status === 'pending' ? { ...record, status: 'failed' } : record
}

/** Whether these config vars of the app's files, with what people have set over them, are what the release has. */
export function hasConfig({ config, settings }: ReleaseContent, ofFiles: Environment): boolean {
  return JSON.stringify(sorted(config)) === JSON.stringify(sorted(overlaid(ofFiles, settings)))
}

function sorted(pairs: object): [string, unknown][] {
  return Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))
}

function contentText({ slug, processTypes, config, settings }: ReleaseContent): string {
  return JSON.stringify([slug, [...processTypes], sorted(config), sorted(settings)])
}

/** How a slug is named to people: the first eight digits of its SHA-256. */
export function shortSlug(sha256: string): string {
  return sha256.slice(0, 8)
}

/** The record as its file has it. */
export function recordText(record: ReleaseRecord): string {
  return `${JSON.stringify({ ...record, processTypes: [...record.processTypes] }, null, 2)}\n`
}

/** Reads such a file; undefined when it is not whole. */
export function parseRecord(text: string): ReleaseRecord | undefined {
  try {
    const record = JSON.parse(text) as ReleaseRecord & { readonly processTypes: [string, string][] }
    const isWhole =
      Number.isInteger(record.version) &&
      ['id', 'description', 'user'].every((name) => typeof record[name as 'id'] === 'string') &&
      ['pending', 'succeeded', 'failed'].includes(record.status) &&
      Number.isFinite(record.createdAt) &&
      (record.slug === null || isSlugName(record.slug)) &&
      Array.isArray(record.processTypes) &&
      [record.config, record.settings].every((each) => typeof each === 'object' && each !== null)
    return isWhole ? { ...record, processTypes: new Map(record.processTypes) } : undefined
  } catch {
    return undefined
  }
}
