import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callerEnvironment } from '../core/environment.ts'
import { describeNote } from '../core/note.ts'
import { Problem } from '../core/problem.ts'
import { type ProcessTypes, parseProcfile } from '../core/procfile.ts'
import { DYNO_UID } from '../core/walls.ts'
import { readText } from '../edge/read-text.ts'
import { prepareAppFolder, prepareSlugFile } from '../edge/slugs/keep-slugs.ts'
import { readConfig } from './config-files.ts'
import type { Place } from './place.ts'
import { openProgress } from './progress.ts'

/** What a dyno runs on, as it is sent to the manifold. */
export type SentStack = {
  readonly slug: string
  readonly process_types: Readonly<Record<string, string>>
  readonly config: Readonly<Record<string, string>>
  readonly caller: Readonly<Record<string, string>>
}

/** Makes the app's slug ready, packed and unpacked only when something changed, and reads its files. */
export async function prepareStack(
  place: Place,
  options: { slugFile: string | undefined; inherit: boolean; tty: boolean },
): Promise<SentStack> {
  const config = readConfig(place.app.root, undefined)
  const slug = await prepareSlug(place, options.slugFile)
  const types = readProcfile(slug.tree)
  return {
    slug: slug.sha256,
    process_types: Object.fromEntries(types),
    config: Object.fromEntries(config),
    caller: callerEnvironment(process.env, {
      ...options,
      own: dirname(dirname(fileURLToPath(import.meta.url))),
    }),
  }
}

async function prepareSlug(place: Place, file: string | undefined) {
  const progress = openProgress()
  // Root gives the files to the dyno's user; anybody else's dyno is that person, under another name.
  const owner = process.geteuid?.() === 0 ? { owner: { uid: DYNO_UID, gid: DYNO_UID } } : {}
  const order = { cacheFolder: place.folders.cache, progress: progress.report, ...owner }
  try {
    if (file !== undefined) return await prepareSlugFile({ ...order, file })
    return await prepareAppFolder({ ...order, folder: place.app.root })
  } finally {
    progress.end()
  }
}

function readProcfile(tree: string): ProcessTypes {
  const text = readText(`${tree}/Procfile`)
  if (text === undefined) return new Map()
  const { types, errors } = parseProcfile(text)
  if (errors[0]) throw new Problem('procfile', describeNote('Procfile', errors[0]))
  return types
}
