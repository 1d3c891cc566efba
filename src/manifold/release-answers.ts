import type { Environment } from '../core/environment.ts'
import { Problem } from '../core/problem.ts'
import {
  changeText,
  type ReleaseRequest,
  releaseJson,
  releaseRequest,
  settingsOf,
} from '../core/release-api.ts'
import {
  overlaid,
  type ReleaseContent,
  type ReleaseRecord,
  releaseNamed,
  type Settings,
  shortSlug,
} from '../core/release-record.ts'
import type { Handler } from './answer.ts'
import type { OpenManifold } from './open.ts'
import type { Making, Releases } from './releases.ts'

/** What is asked about releases and config vars. */
export function releaseHandlers(
  manifold: OpenManifold,
  releases: Releases,
): readonly (readonly [route: string, handler: Handler])[] {
  const { app } = manifold

  const json = (record: ReleaseRecord) => releaseJson(record, app, record === releases.current())

  const makeOf = (request: ReleaseRequest): Making['make'] => {
    switch (request.is) {
      case 'deploy':
        return deployed(request.stack)
      case 'rollback':
        return () => backTo(request.to)
      case 'config':
        return configured(request.changes)
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
    const record = await releases.create({ user, caller, make: makeOf(request), withoutCommand, sameFilesAs })
    return { status: 201, body: json(record) }
  }

  const caller = (): Environment => manifold.formed()?.release.stack.caller ?? {}

  const configure: Handler = async ({ body, user }) => {
    const changes = settingsOf(body)
    const { config } = await releases.create({ user, caller: caller(), make: configured(changes) })
    return { status: 200, body: config }
  }

  return [
    ['GET /apps/:/releases', () => ({ status: 200, body: releases.all().map(json) })],
    ['POST /apps/:/releases', create],
    [
      'GET /apps/:/releases/:',
      (_, parts) => ({ status: 200, body: json(releaseNamed(releases.all(), parts[3]!)) }),
    ],
    ['GET /apps/:/config-vars', () => ({ status: 200, body: releases.current()?.config ?? {} })],
    ['PATCH /apps/:/config-vars', configure],
  ]
}

/** A slug with the config vars of the app's files, and what people have set over those. */
export function deployed(
  stack: Pick<ReleaseContent, 'processTypes' | 'config'> & { readonly slug: string },
): Making['make'] {
  return (current) => {
    const settings = current?.settings ?? {}
    const { slug, processTypes } = stack
    const config = overlaid(stack.config, settings)
    return { slug, processTypes, config, settings, description: `Deploy ${shortSlug(slug)}` }
  }
}

function configured(changes: Settings): Making['make'] {
  return (current) => {
    const { slug, processTypes, config, settings } = current ?? NOTHING
    return {
      ...{ slug, processTypes, description: changeText(changes) },
      config: overlaid(config, changes),
      settings: { ...settings, ...changes },
    }
  }
}

const NOTHING: ReleaseContent = { slug: null, processTypes: new Map(), config: {}, settings: {} }

function contentOf({ slug, processTypes, config, settings }: ReleaseRecord): ReleaseContent {
  return { slug, processTypes, config, settings }
}
