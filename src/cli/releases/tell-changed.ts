import { statSync } from 'node:fs'
import { configFileNames, DEFAULT_CONFIG_FILE } from '../../core/config/config-files.ts'
import { overriddenText } from '../../core/config/overridden.ts'
import type { Environment } from '../../core/environment.ts'
import { Problem } from '../../core/problem.ts'
import { currentRelease, hasConfig, type ReleaseRecord } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { differsFrom } from '../../edge/slugs/keep-slugs.ts'
import type { RunningFormation } from '../ask-dynos.ts'
import { readConfig } from '../config/config-files.ts'
import type { Place } from '../place.ts'
import { complain } from '../print.ts'

/**
 * Says where the app folder or its .env is not what the formation's release was made of: a person who has just saved
 * one may think that it runs. No byte of the folder is read but .env, and what cannot be looked at is nobody's failure
 * here. On a live formation the folder itself runs.
 */
export function tellChanged(
  place: Place,
  { live, slug, version }: RunningFormation,
  record: ReleaseRecord | undefined,
): void {
  if (live) return
  const what = folderDiffers(place, slug)
    ? 'the app folder'
    : record && dotenvDiffers(place, record)
      ? DEFAULT_CONFIG_FILE
      : undefined
  if (what === undefined) return
  complain(`This is v${version}, not ${what} as it is now; 'dyno release' makes that the next release.`)
}

/** Says which config vars of the app's files (`-e a,b`, or else .env) a release does not take: people have set them. */
export function tellOverridden(place: Place, config: Environment, files: string | undefined): void {
  const settings = currentRelease(readReleases(place.state).records)?.settings ?? {}
  const names = files === undefined ? [DEFAULT_CONFIG_FILE] : configFileNames(files)
  const text = overriddenText(config, settings, names)
  if (text !== undefined) complain(text)
}

function folderDiffers({ app, folders }: Place, slug: string): boolean {
  return whatever(() => differsFrom({ cacheFolder: folders.cache, folder: app.root }, slug)) ?? false
}

// A .env that cannot be read any more is another one as well.
function dotenvDiffers({ app }: Place, record: ReleaseRecord): boolean {
  if (!record.ofDotenv) return false
  const stats = statSync(`${app.root}/${DEFAULT_CONFIG_FILE}`, { throwIfNoEntry: false })
  if (stats && !stats.isFile()) return false // a pipe that somebody fills would be waited for
  const vars = whatever(() => readConfig(app.root, undefined, { isQuiet: true }))
  return vars === undefined || !hasConfig(record, Object.fromEntries(vars))
}

function whatever<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
