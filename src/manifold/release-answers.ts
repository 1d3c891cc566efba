import {
  changeText,
  checkConfigSize,
  type ReleaseRequest,
  releaseJson,
  releaseRequest,
  settingsOf,
} from '../core/api/release-api.ts'
import type { Environment } from '../core/environment.ts'
import { Problem } from '../core/problem.ts'
import {
  overlaid,
  type ReleaseContent,
  type ReleaseRecord,
  releaseNamed,
  type Settings,
  shortSlug,
} from '../core/release-record.ts'
import type { Handler, Handlers } from './answer.ts'
import type { Desk } from './dyno-answers.ts'
import type { OpenManifold } from './open.ts'
import type { Making } from './releases.ts'
import type { Slugs } from './slugs.ts'

/** What is asked about releases and config vars. */
export function releaseHandlers(
  manifold: OpenManifold,
  { releases, slugs, lent }: Pick<Desk, 'releases' | 'lent'> & { readonly slugs: Slugs },
): Handlers {
  const { app } = manifold

  const json = (record: ReleaseRecord) => releaseJson(record, app, record === releases.current())

  const makeOf = (request: ReleaseRequest): Making['make'] => {
    switch (request.is) {
      case 'deploy':
        return deployed(request.stack)
      case 'slug':
        return ofSlug(slugs.whole(request.slug), request.description)
      case 'rollback':
        return () => backTo(request.to)
      case 'config':
        return configured(request.changes, request.toFiles)
      default:
        return request satisfies never
    }
  }

  const backTo = (name: string) => {
    const to = releases.find(name)
    if (to.status !== 'succeeded')
      throw new Problem('invalid', `v${to.version} failed; go back to one that ran.`)
    return { ...contentOf(to), description: `Rollback to v${to.version}` }
  }

  const create: Handler = async ({ body, user }) => {
    const request = releaseRequest(body)
    const { caller } = request
    const how = request.is === 'deploy' ? request : { withoutCommand: false, sameFilesAs: null }
    const { withoutCommand, sameFilesAs } = how
    const making = { user, caller: caller ?? lentTo(), withoutCommand, always: request.is === 'slug' }
    const record = await releases.create({ ...making, make: makeOf(request), sameFilesAs })
    return { status: 201, body: json(record) }
  }

  const lentTo = (): Environment => manifold.formed()?.release.stack.caller ?? lent()

  const configure: Handler = async ({ body, user }) => {
    const changes = settingsOf(body)
    const { config } = await releases.create({ user, caller: lentTo(), make: configured(changes) })
    return { status: 200, body: config }
  }

  return [
    ['GET /apps/:/releases', () => ({ status: 200, body: releases.all().map(json) })],
    ['POST /apps/:/releases', create],
    [
      'GET /apps/:/releases/:',
      (_, parts) => ({ status: 200, body: json(releaseNamed(releases.all(), parts[3]!)) }),
    ],
    [
      'GET /apps/:/releases/:/config-vars',
      (_, parts) => ({ status: 200, body: releaseNamed(releases.all(), parts[3]!).config }),
    ],
    ['GET /apps/:/config-vars', () => ({ status: 200, body: releases.current()?.config ?? {} })],
    ['PATCH /apps/:/config-vars', configure],
  ]
}

/** A slug with the config vars of the app's files, and what people have set over those. */
export function deployed(
  stack: Pick<ReleaseContent, 'processTypes' | 'config' | 'ofDotenv'> & { readonly slug: string },
): Making['make'] {
  return (current) => {
    const settings = current?.settings ?? {}
    const { slug, processTypes, ofDotenv } = stack
    const config = overlaid(stack.config, settings)
    const content = { slug, processTypes, config, settings, ...(ofDotenv ? { ofDotenv } : {}) }
    return { ...content, description: `Deploy ${shortSlug(slug)}` }
  }
}

// The config vars of the app's files are not in a slug that came from elsewhere: they stay.
function ofSlug({ id, sha256, processTypes }: WholeSlug, description?: string): Making['make'] {
  return (current) => {
    const before = contentOf(current ?? NOTHING)
    const content = { ...before, slug: sha256, slugId: id, processTypes: processTypes ?? new Map() }
    return { ...content, description: description ?? `Deploy ${shortSlug(sha256)}` }
  }
}

type WholeSlug = ReturnType<Slugs['whole']>

function configured(changes: Settings, toFiles = false): Making['make'] {
  return (current) => {
    const content = contentOf(current ?? NOTHING)
    const config = overlaid(content.config, changes)
    checkConfigSize(content.config, config)
    const kept = Object.entries(content.settings).filter(([name]) => !Object.hasOwn(changes, name))
    return {
      ...content,
      description: changeText(changes),
      config,
      settings: { ...Object.fromEntries(kept), ...(toFiles ? {} : changes) },
    }
  }
}

const NOTHING: ReleaseContent = { slug: null, processTypes: new Map(), config: {}, settings: {} }

function contentOf(release: ReleaseContent): ReleaseContent {
  const { slug, slugId, processTypes, config, settings, ofDotenv } = release
  const known = { ...(slugId === undefined ? {} : { slugId }), ...(ofDotenv ? { ofDotenv } : {}) }
  return { slug, ...known, processTypes, config, settings }
}
