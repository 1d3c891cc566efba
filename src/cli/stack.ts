import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuleId } from '../core/check/rules.ts'
import type { EnvDialect } from '../core/config/config.ts'
import { callerEnvironment, type Environment } from '../core/environment.ts'
import { describeNote } from '../core/note.ts'
import { Problem } from '../core/problem.ts'
import { type ProcessTypes, parseProcfile } from '../core/procfile/procfile.ts'
import { readText } from '../edge/read-text.ts'
import { prepareAppFolder, prepareSlugFile } from '../edge/slugs/keep-slugs.ts'
import type { AppScan } from '../edge/slugs/scan-app.ts'
import { readConfig } from './config/config-files.ts'
import { isOneFile } from './ourselves.ts'
import type { Place } from './place.ts'
import { complain } from './print.ts'
import { openProgress } from './slugs/progress.ts'
import { slugOwner } from './slugs/slug-owner.ts'

/** What a dyno runs on, as it is sent to the manifold. */
export type SentStack = {
  readonly slug: string
  readonly process_types: readonly (readonly [type: string, command: string])[]
  readonly config: Readonly<Record<string, string>>
  readonly caller: Readonly<Record<string, string>>
  /** Whether its config vars are those of .env, read as it is where no flag says otherwise. */
  readonly of_dotenv: boolean
}

/** How much of the caller's shell a dyno gets; neither unless said. */
type Lent = {
  /** All of it. */
  readonly inherit?: boolean
  /** What a terminal is known by. */
  readonly tty?: boolean
}

/** Which files, and how much of the caller's shell, a stack is made of. */
export type StackOptions = Lent & {
  readonly slugFile?: string | undefined
  /** Another Procfile than the slug's own, from the current folder. */
  readonly procfile?: string | undefined
  /** Files of config vars, `a,b`, from the current folder. */
  readonly configFiles?: string | undefined
  readonly dialect?: EnvDialect | undefined
  /** The app folder as somebody has just looked at it. */
  readonly scan?: AppScan
  /** Nothing is drawn and no warning repeated: something else has the terminal. */
  readonly isQuiet?: boolean
}

/** Makes the app's slug ready, packed and unpacked only when something changed, and reads its files. */
export async function prepareStack(place: Place, options: StackOptions): Promise<SentStack> {
  const config = readConfig(place.app.root, options.configFiles, options)
  const named = options.procfile === undefined ? undefined : procfileTypes(options.procfile, options)
  const slug = await prepareSlug(place, options)
  const types = named ?? procfileTypes(`${slug.tree}/Procfile`, { ...options, name: 'Procfile' }) ?? new Map()
  return {
    slug: slug.sha256,
    process_types: [...types],
    config: Object.fromEntries(config),
    caller: ourCaller(options),
    of_dotenv: options.configFiles === undefined && options.dialect !== 'shell',
  }
}

/** What our shell lends a dyno. */
export function ourCaller({ inherit = false, tty = false }: Lent = {}): Environment {
  const own = isOneFile() ? process.execPath : dirname(dirname(fileURLToPath(import.meta.url)))
  return callerEnvironment(process.env, { inherit, tty, own })
}

async function prepareSlug(place: Place, { slugFile: file, scan, isQuiet }: StackOptions) {
  const progress = openProgress()
  const order = {
    cacheFolder: place.folders.cache,
    ...(isQuiet ? {} : { progress: progress.report }),
    ...slugOwner(),
  }
  try {
    if (file !== undefined) return await prepareSlugFile({ ...order, file })
    return await prepareAppFolder({ ...order, folder: place.app.root, scan })
  } finally {
    await progress.end()
  }
}

/** What makes another command run than somebody reads there; what other readers make of it is told by `dyno check`. */
const RUNS_OTHERWISE: readonly RuleId[] = ['duplicate-type', 'lone-carriage-return']

/** A Procfile's types. One that is named must be there; the app's own need not, for a slug runs without one. */
export function procfileTypes(
  path: string,
  { name, isQuiet = false }: { readonly name?: string; readonly isQuiet?: boolean } = {},
): ProcessTypes | undefined {
  const text = readText(path)
  if (text === undefined && name === undefined) {
    throw new Problem('procfile', `There is no file ${path}; name a Procfile from the current folder.`)
  }
  if (text === undefined) return undefined
  const { types, warnings, errors } = parseProcfile(text)
  if (errors[0]) throw new Problem('procfile', describeNote(name ?? path, errors[0]))
  for (const warning of isQuiet ? [] : warnings) {
    if (RUNS_OTHERWISE.includes(warning.rule)) complain(describeNote(name ?? path, warning))
  }
  return types
}
