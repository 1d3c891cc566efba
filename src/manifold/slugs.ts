import { record } from '../core/api/fields.ts'
import { type CreatedSlug, slugJson, slugOfRelease, slugRequest } from '../core/api/slug-api.ts'
import { Problem } from '../core/problem.ts'
import type { Handler, Handlers } from './answer.ts'
import type { Edges } from './edges.ts'
import type { Releases } from './releases.ts'

/** Slugs by their UUID: those that the API made, and those that releases run on. */
export type Slugs = {
  /** Throws a Problem when there is none, or when its file has not come yet. */
  whole(id: string): CreatedSlug & { readonly sha256: string }
  readonly handlers: Handlers
}

/** What the API made and nobody has released yet is forgotten with the manifold; no more are kept than these. */
const MOST = 100

export function openSlugs(edges: Edges, releases: Releases): Slugs {
  const created = new Map<string, CreatedSlug>()

  const find = (id: string): CreatedSlug => {
    const found =
      created.get(id) ??
      releases
        .all()
        .map(slugOfRelease)
        .find((slug) => slug?.id === id)
    if (found) return found
    throw new Problem('not-found', "Couldn't find that slug.")
  }

  const create: Handler = ({ body }) => {
    const slug: CreatedSlug = { ...slugRequest(body), id: edges.id(), createdAt: Math.round(edges.now()) }
    created.set(slug.id, slug)
    if (created.size > MOST) created.delete(created.keys().next().value!)
    return { status: 201, body: slugJson(slug) }
  }

  // Ours: the file is one of this machine, which whoever received it names.
  const complete: Handler = async ({ body }, [, , , id]) => {
    const { file } = record(body, 'The request')
    if (typeof file !== 'string') throw new Problem('invalid', 'Send {"file":PATH}.')
    const slug = find(id!)
    const { sha256, size, processTypes } = await edges.prepareSlug(file)
    // A release may run on it by now.
    if ((find(id!).sha256 ?? sha256) !== sha256) {
      throw new Problem('conflict', 'The slug has another file already; create a new one.')
    }
    if (slug.checksum !== null && slug.checksum.toLowerCase() !== `sha256:${sha256}`) {
      throw new Problem('invalid', `The file is not the one of the checksum: its SHA-256 is ${sha256}.`)
    }
    const whole = { ...slug, sha256, size, processTypes: slug.processTypes ?? processTypes }
    created.set(slug.id, whole)
    return { status: 200, body: slugJson(whole) }
  }

  return {
    whole(id) {
      const slug = find(id)
      if (slug.sha256 !== null) return { ...slug, sha256: slug.sha256 }
      throw new Problem('invalid', 'The slug has no file yet; send it to its blob first.')
    },
    handlers: [
      ['POST /apps/:/slugs', create],
      ['GET /apps/:/slugs/:', (_, parts) => ({ status: 200, body: slugJson(find(parts[3]!)) })],
      ['PUT /apps/:/slugs/:/blob', complete],
    ],
  }
}
