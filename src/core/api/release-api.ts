import type { App } from '../app.ts'
import type { Environment } from '../environment.ts'
import { isVariableName } from '../environment.ts'
import { dynoName, RELEASE } from '../name.ts'
import { Problem } from '../problem.ts'
import type { Stack } from '../release.ts'
import type { ReleaseRecord, Settings } from '../release-record.ts'
import { quoted } from '../safe-text.ts'
import { record, stringRecord } from './fields.ts'
import { stackOf } from './posted-stack.ts'
import { slugOfRelease } from './slug-api.ts'

// The releases' part of the Platform API. `GET /apps/:app/releases`, a rollback by `POST` and `PATCH
// /apps/:app/config-vars` are Heroku's; a `POST` with a stack or with config vars is ours.

/** A release in the Platform API's shape. */
export type ReleaseJson = {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly description: string
  readonly current: boolean
  readonly slug: { readonly id: string } | null
  /** The slug's UUID: the one that the API gave it, or one made of its SHA-256. */
  readonly slug_id: string | null
  /** The dyno that ran its command; null where it has none. */
  readonly output: string | null
  readonly user: { readonly id: string; readonly email: string }
  readonly app: { readonly id: string; readonly name: string }
  readonly created_at: string
  readonly updated_at: string
}

export function releaseJson(record: ReleaseRecord, app: App, isCurrent: boolean): ReleaseJson {
  const { id, version, status, description, slug, user, createdAt } = record
  const at = new Date(createdAt).toISOString()
  return {
    ...{ id, version, status, description, current: isCurrent },
    slug: slug === null ? null : { id: slug },
    slug_id: slugOfRelease(record)?.id ?? null,
    output: slug !== null && record.processTypes.has(RELEASE) ? dynoName(RELEASE, version) : null,
    user: { id: user, email: user },
    app: { id: app.id, name: app.name },
    ...{ created_at: at, updated_at: at },
  }
}

/** What the caller's shell lends its command; undefined where a client of the plain API lends nothing. */
type Lent = { readonly caller: Environment | undefined }

/** What a new release is asked for: what runs is to be another slug, an earlier release, or other config vars. */
export type ReleaseRequest = Lent &
  (
    | {
        readonly is: 'deploy'
        readonly stack: Stack
        /** Its release command is not run. */
        readonly withoutCommand: boolean
        /** The slug that this one differs from in its Procfile only; null where that cannot be said. */
        readonly sameFilesAs: string | null
      }
    /** A slug that was made by the API, or that a release has run on, by its UUID. */
    | { readonly is: 'slug'; readonly slug: string; readonly description: string | undefined }
    | { readonly is: 'rollback'; readonly to: string }
    /** `toFiles`: these are what the app's files say, and people's own settings of them are forgotten. */
    | { readonly is: 'config'; readonly changes: Settings; readonly toFiles: boolean }
  )

/** Reads the body of `POST /apps/:app/releases`; throws a Problem that says what it takes. */
export function releaseRequest(body: unknown): ReleaseRequest {
  const fields = record(body, 'The request')
  const { release, stack, config, slug, description } = fields
  const caller = fields['caller'] === undefined ? undefined : stringRecord(fields['caller'], 'caller')
  if (typeof release === 'string') return { is: 'rollback', to: release, caller }
  if (config !== undefined) {
    return { is: 'config', changes: settingsOf(config), toFiles: fields['to_files'] === true, caller }
  }
  if (typeof slug === 'string') {
    return { is: 'slug', slug, description: descriptionOf(description), caller }
  }
  if (stack === undefined)
    throw new Problem('invalid', 'Send {"release":ID} to go back to it, or {"slug":ID} to run on that.')
  const deployed = stackOf(stack)
  const sameFilesAs = typeof fields['same_files_as'] === 'string' ? fields['same_files_as'] : null
  const withoutCommand = fields['without_command'] === true
  return { is: 'deploy', stack: deployed, caller: deployed.caller, withoutCommand, sameFilesAs }
}

function descriptionOf(value: unknown): string | undefined {
  // It becomes a line of the log.
  return typeof value === 'string' && value.trim() !== ''
    ? value.replaceAll(/\s+/g, ' ').slice(0, 256)
    : undefined
}

/** Config vars to set, or with null to take away: `{"A":"2","B":null}`. Throws a Problem that names what is wrong. */
export function settingsOf(body: unknown): Settings {
  const entries = Object.entries(record(body, 'The config vars'))
  const given = Object.fromEntries(entries.filter(([, value]) => value !== null))
  const set = stringRecord(given, 'config vars')
  const wrong = entries.find(([name]) => !isVariableName(name))
  if (wrong)
    throw new Problem('invalid', `${quoted(wrong[0])} is no name of a config var; use letters, digits and _.`)
  return Object.fromEntries(entries.map(([name]) => [name, Object.hasOwn(set, name) ? set[name]! : null]))
}

/** What Heroku takes of an app's config vars, names and all, in bytes. */
const MOST = 64 * 1024

/** Throws a Problem where a change takes all config vars of an app over Heroku's limit; who has more may have less. */
export function checkConfigSize(before: Environment, after: Environment): void {
  const size = bytesOf(after)
  if (size <= MOST || size <= bytesOf(before)) return
  const sizes = `the app's have at most ${MOST / 1024} KiB, and with this they would have ${Math.ceil(size / 1024)}`
  throw new Problem('invalid', `That is too much for config vars: ${sizes}.`)
}

function bytesOf(config: Environment): number {
  return new TextEncoder().encode(Object.entries(config).flat().join('')).length
}

/** What was changed, in the words of Heroku's log: `Set A, B config vars`. */
export function changeText(changes: Settings): string {
  const named = (isWanted: (value: string | null) => boolean) =>
    Object.entries(changes)
      .filter(([, value]) => isWanted(value))
      .map(([name]) => name)
      .join(', ')
  const [set, removed] = [named((value) => value !== null), named((value) => value === null)]
  const parts = [set && `Set ${set} config vars`, removed && `Remove ${removed} config vars`]
  return parts.filter(Boolean).join(', ')
}
