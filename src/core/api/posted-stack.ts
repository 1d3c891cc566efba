import { Problem } from '../problem.ts'
import type { Stack } from '../release.ts'
import { isSlugName } from '../slug/slug-name.ts'
import { record, stringRecord } from './fields.ts'

/** Reads what dynos run on, as our own clients send it along; throws a Problem that names what is wrong. */
export function stackOf(value: unknown): Stack {
  const fields = record(value, 'stack')
  const { slug } = fields
  if (typeof slug !== 'string' || !isSlugName(slug)) {
    throw new Problem('invalid', "A slug is named by its SHA-256: 64 hexadecimal digits in 'slug'.")
  }
  return {
    slug,
    processTypes: processTypesOf(fields['process_types'] ?? {}),
    config: stringRecord(fields['config'] ?? {}, 'config'),
    caller: stringRecord(fields['caller'] ?? {}, 'caller'),
    ...(fields['of_dotenv'] === true ? { ofDotenv: true } : {}),
  }
}

// Our own clients send pairs: an object does not keep the order of names that are numbers.
function processTypesOf(value: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(value)) return new Map(Object.entries(stringRecord(value, 'process_types')))
  return new Map(
    value.flatMap((pair) => Object.entries(stringRecord({ [pair[0]]: pair[1] }, 'process_types'))),
  )
}
