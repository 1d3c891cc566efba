import { statSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import { type ProcessTypes, parseProcfile } from '../../core/procfile/procfile.ts'
import { readText } from '../../edge/read-text.ts'
import { cacheAt, treeOf } from '../../edge/slugs/cache-folder.ts'
import { prepareSlugFile } from '../../edge/slugs/keep-slugs.ts'
import type { PreparedFile } from '../../manifold/edges.ts'
import type { Place } from '../place.ts'
import { slugOwner } from '../slugs/slug-owner.ts'

/** Has a slug unpacked that was sent; throws a Problem when it is none. */
export async function prepareUpload({ folders }: Place, file: string): Promise<PreparedFile> {
  const { size } = statSync(file)
  const order = { cacheFolder: folders.cache, file, isTemporary: true, ...slugOwner() }
  const { sha256, tree } = await prepareSlugFile(order).catch((error: Error) => {
    // Whoever sent it knows nothing of our names for files.
    if (error instanceof Problem) throw new Problem(error.code, error.message.replace(` '${file}'`, ''))
    throw error
  })
  return { sha256, size, processTypes: typesOf(readText(`${tree}/Procfile`)) }
}

/** A slug to be handed out, as Heroku would; throws a Problem where it was pruned. */
export async function sendUpload({ folders }: Place, sha256: string): Promise<AsyncIterable<Uint8Array>> {
  const found = treeOf(cacheAt(folders.cache), sha256)
  if (!found) throw new Problem('not-found', 'That slug is not here any more; send it again.')
  const { sendSlug } = await import('../../edge/slugs/send-slug.ts')
  return sendSlug(found.tree)
}

// Whoever sends a slug says its types; a Procfile that is no good matters only where nobody has.
function typesOf(text: string | undefined): ProcessTypes {
  return parseProcfile(text ?? '').types
}
