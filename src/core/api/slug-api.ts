import { uuidOf } from '../app.ts'
import { Problem } from '../problem.ts'
import { parseProcfile } from '../procfile/procfile.ts'
import type { ReleaseRecord } from '../release-record.ts'
import { quoted } from '../safe-text.ts'
import { record, stringRecord } from './fields.ts'

/** A slug that the API was told of: its file is sent afterwards. */
export type CreatedSlug = {
  readonly id: string
  /** Null until its file has come. */
  readonly sha256: string | null
  /** The file's, in bytes. */
  readonly size: number | null
  /** Null where nobody said them: those of its Procfile count. */
  readonly processTypes: ReadonlyMap<string, string> | null
  readonly commit: string | null
  readonly commitDescription: string | null
  readonly description: string | null
  /** Of the file, as its maker knows it: `SHA256:` and 64 digits. */
  readonly checksum: string | null
  /** In milliseconds since 1970. */
  readonly createdAt: number
}

/** A slug as our own clients are told of it. */
export type SlugJson = {
  readonly id: string
  readonly sha256: string | null
  readonly size: number | null
  readonly process_types: Readonly<Record<string, string>>
  readonly commit: string | null
  readonly commit_description: string | null
  readonly buildpack_provided_description: string | null
  readonly checksum: string | null
  readonly created_at: string
  readonly updated_at: string
}

/** Reads the body of `POST /apps/:app/slugs`; throws a Problem that names what is wrong. */
export function slugRequest(body: unknown): Omit<CreatedSlug, 'id' | 'createdAt'> {
  const fields = record(body ?? {}, 'The request')
  const { process_types: types, checksum } = fields
  if (checksum !== undefined && checksum !== null && !/^SHA256:[0-9a-f]{64}$/i.test(String(checksum))) {
    throw new Problem('invalid', "A 'checksum' is SHA256: and 64 hexadecimal digits.")
  }
  return {
    ...{ sha256: null, size: null },
    processTypes: types === undefined ? null : checkedTypes(stringRecord(types, 'process_types')),
    commit: textOf(fields['commit']),
    commitDescription: textOf(fields['commit_description']),
    description: textOf(fields['buildpack_provided_description']),
    checksum: textOf(checksum),
  }
}

/** A slug in the API's shape. */
export function slugJson(slug: CreatedSlug): SlugJson {
  const { id, sha256, size, processTypes, commit, commitDescription, description, checksum, createdAt } = slug
  const at = new Date(createdAt).toISOString()
  return {
    ...{ id, sha256, size, commit, checksum, created_at: at, updated_at: at },
    process_types: Object.fromEntries(processTypes ?? []),
    commit_description: commitDescription,
    buildpack_provided_description: description,
  }
}

// The UUID by which a slug is known that was not made by the API.
function slugIdOf(sha256: string): string {
  return uuidOf(`slug ${sha256}`)
}

/** The slug that a release runs on, as one that the API could have made; undefined where it runs on none. */
export function slugOfRelease({
  slug,
  slugId,
  processTypes,
  createdAt,
}: ReleaseRecord): CreatedSlug | undefined {
  if (slug === null) return undefined
  return {
    ...{ id: slugId ?? slugIdOf(slug), sha256: slug, size: null, processTypes, createdAt },
    ...{ commit: null, commitDescription: null, description: null, checksum: `SHA256:${slug}` },
  }
}

// Each becomes a line of a Procfile, so it must be one.
function checkedTypes(types: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const [type, command] of Object.entries(types)) {
    const line = `${type}: ${command}`
    if (/[\r\n]/.test(line) || parseProcfile(line).types.get(type) !== command.trim()) {
      throw new Problem(
        'invalid',
        `${quoted(type)} is no process type with a command, as a line of a Procfile has them.`,
      )
    }
  }
  return new Map(Object.entries(types).map(([type, command]) => [type, command.trim()]))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 1024) : null
}
