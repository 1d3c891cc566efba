import { withFollowedSize } from '../../core/api/api.ts'
import type { Answer, PublicRequest, Request } from '../../core/api/exchange.ts'
import { isRecord } from '../../core/api/fields.ts'
import type { SlugJson } from '../../core/api/slug-api.ts'
import { isAcceptable } from '../../core/platform/accept.ts'
import { isSecretPath } from '../../core/platform/callers.ts'
import { refusedRoute } from '../../core/platform/instead.ts'
import { bodyTaken, type PublicRoute, publicRoute } from '../../core/platform/public-routes.ts'
import { pageOf } from '../../core/platform/range.ts'
import { fullAllowance, grown, spend } from '../../core/platform/rate-limit.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'
import type { Meeting } from '../../core/wire/meeting.ts'
import type { Edges, Neighbour } from '../edges.ts'
import { faultAnswer } from '../fault.ts'
import type { Logplex } from '../logplex.ts'
import type { IdleFormation } from './idle-formation.ts'
import type { Neighbours } from './neighbours.ts'
import { answerNothing } from './nothing-runs.ts'
import { releaseOutput } from './release-output.ts'
import { openSecretPaths } from './secret-paths.ts'
import { type Addresses, shapeAnswer } from './shape-answer.ts'
import type { Site } from './site.ts'

/** How a terminal comes to its dyno: Heroku's own way, or one in which it may change its size. */
export type AttachMode = 'rendezvous' | 'ssh'

/** What the site is made of. */
export type Building = {
  readonly neighbours: Neighbours
  readonly edges: Edges
  readonly key: string
  /** The person who opened it, and in whose name everything is asked. */
  readonly user: string
  readonly mode: AttachMode
  /** Where the app's router would be, while none runs. */
  readonly web: string
  readonly idle: IdleFormation
  readonly log: Pick<Logplex, 'tell'>
  /** Known as soon as it is open. */
  address(): { readonly url: string; readonly attachPort: number }
}

/** How long the address of a terminal, a log and a file is good, in milliseconds. A one-off waits no longer either. */
const [ATTACH_VALIDITY, LOG_VALIDITY, BLOB_VALIDITY] = [30_000, 300_000, 3_600_000]

const RATE_LIMITS = '/account/rate-limits'

type Place = { readonly neighbour: Neighbour; readonly path: string }

/** What strangers reach; `forget` ends what they have been told to come back for. */
export function openPublicSite({
  neighbours,
  edges,
  key,
  user,
  mode,
  web,
  idle,
  log,
  address,
}: Building): Site & { forget(): void } {
  const terminals = openSecretPaths<Place & Pick<Meeting, 'hasTerminal'>>(edges, ATTACH_VALIDITY)
  const logs = openSecretPaths<Place>(edges, LOG_VALIDITY)
  const uploads = openSecretPaths<Place>(edges, BLOB_VALIDITY)
  const downloads = openSecretPaths<{ readonly sha256: string }>(edges, BLOB_VALIDITY)
  const outputs = openSecretPaths<{ readonly neighbour: Neighbour; readonly dyno: string }>(
    edges,
    LOG_VALIDITY,
  )
  let allowance = fullAllowance(edges.now())

  // Of what our own clients can say only this is added.
  const bodyFor = (route: PublicRoute, body: unknown): unknown => {
    const taken = bodyTaken(route, body)
    if (route.shape !== 'dyno' || !isRecord(taken)) return taken
    const asked = mode === 'ssh' ? withFollowedSize(taken) : taken
    return route.pattern === 'POST /apps/:/dynos/:' ? { ...(asked as object), attach: true } : asked
  }

  const addressesOf = (neighbour: Neighbour, { body }: Request): Addresses => ({
    user,
    web: (id) => (id === neighbours.ours.app.id ? web : null),
    attach(path) {
      const hasTerminal = (body as { force_no_tty?: unknown } | null)?.force_no_tty !== true
      const token = terminals.issue({ neighbour, path, hasTerminal })
      return `${mode === 'ssh' ? 'https' : 'rendezvous'}://127.0.0.1:${address().attachPort}/${token}`
    },
    log: (path) => `${address().url}/logs/${logs.issue({ neighbour, path })}`,
    output: (dyno) => `${address().url}/outputs/${outputs.issue({ neighbour, dyno })}`,
    blob: (slug) => blobOf(neighbour, slug),
  })

  const blobOf = (neighbour: Neighbour, { id, sha256 }: SlugJson) => {
    const at = `${address().url}/blobs`
    if (sha256 !== null) return { method: 'get', url: `${at}/${downloads.issue({ sha256 })}` } as const
    const path = `/apps/${neighbour.app.name}/slugs/${id}/blob`
    return { method: 'put', url: `${at}/${uploads.issue({ neighbour, path })}` } as const
  }

  // What is asked of a path that is a secret: a log session, or a slug's file. Whoever has it needs no key, and may do
  // nothing but read it.
  const secretAnswer = async (request: Request): Promise<Answer | undefined> => {
    const [, kind, secret = '', ...more] = request.path.split('/')
    if (!isSecretPath(request.path)) return undefined
    const gone = refusal(404, 'There is nothing there any more.')
    // A log is read once, and whoever asks for its head only would have read it.
    const isRead = request.method === 'GET' || (request.method === 'HEAD' && kind !== 'logs')
    if (!isRead || more.length > 0) return gone
    if (kind === 'logs') {
      const log = logs.take(secret)
      return log ? log.neighbour.ask({ ...request, path: log.path, body: null }) : gone
    }
    if (kind === 'outputs') {
      const output = outputs.see(secret)
      return output ? releaseOutput(output.neighbour, output.dyno, request) : gone
    }
    const slug = downloads.see(secret)
    return slug ? { bytes: await edges.readSlug(slug.sha256), type: 'application/gzip' } : gone
  }

  const ask = async (request: PublicRequest, route: PublicRoute): Promise<Answer> => {
    const [, first, name] = request.path.split('/')
    const neighbour = first === 'apps' && name !== undefined ? await neighbours.find(name) : neighbours.ours
    if ('status' in neighbour) return neighbour
    const own: Request = { ...request, user, body: bodyFor(route, request.body) }
    const answer = await answerOf(neighbour, own, route)
    if (!('status' in answer)) return answer
    if (answer.status >= 400) {
      const formation = () => answerOf(neighbour, { ...own, ...formationOf(neighbour) }, FORMATION)
      return withoutOffer(await answerNothing(answer, route, own, formation))
    }
    const part = cut(answer, request, route)
    if (part.status >= 400) return part
    return { ...part, body: shapeAnswer(route.shape, part.body, addressesOf(neighbour, own)) }
  }

  const answerOf = async (neighbour: Neighbour, own: Request, route: PublicRoute): Promise<Answer> => {
    if (route.pattern === `GET ${RATE_LIMITS}`) {
      return { status: 200, body: { remaining: Math.floor(allowance.left) } }
    }
    if (route.shape !== 'app')
      return (neighbour === neighbours.ours ? await idle(own, route) : undefined) ?? neighbour.ask(own)
    if (route.ranges) return { status: 200, body: await neighbours.apps(own) }
    if (own.method === 'PATCH') {
      const changed = await neighbour.ask(own)
      if ('status' in changed && changed.status >= 400) return changed
    }
    const told = await neighbour.ask({ ...own, method: 'GET', path: '/apps', body: null })
    return 'status' in told ? { ...told, body: (told.body as unknown[])[0] } : told
  }

  const fault = (error: unknown): Answer => withoutOffer(faultAnswer(log, error))

  return {
    key,
    fault,
    async answer(request) {
      const secret = await secretAnswer(request).catch(fault)
      if (secret) return secret
      // Who looks how many are left has not asked one of them.
      const left = (request.path === RATE_LIMITS ? grown : spend)(allowance, edges.now())
      if (!left)
        return counted(refusal(429, 'You have asked too often; wait a minute, and ask more slowly.'), 0)
      allowance = left
      return counted(await answered(request), Math.floor(left.left))
    },
    expects(path) {
      const secret = /^\/blobs\/([^/]+)$/.exec(path)?.[1] ?? ''
      const found = uploads.see(secret)
      if (!found) return undefined
      return async (file) => {
        // The first whole file is the slug's; whoever sent none asks for another address.
        if (!uploads.take(secret)) return refusal(404, 'Another file was sent there meanwhile.')
        const answer = await found.neighbour.ask(fileCall(found.path, { user, file }))
        return withoutOffer('status' in answer && answer.status < 400 ? { status: 200, body: {} } : answer)
      }
    },
    meet(token) {
      const found = terminals.take(token)
      if (!found) return undefined
      const { neighbour, path, hasTerminal } = found
      return { hasTerminal, join: (wire, terminal) => neighbour.attach(path, wire, terminal) }
    },
    forget() {
      for (const paths of [terminals, logs, outputs, uploads, downloads]) paths.forget()
    },
  }

  async function answered(request: PublicRequest): Promise<Answer> {
    if (!isAcceptable(request.accept)) {
      return refusal(406, 'Ask with Accept: application/vnd.heroku+json; version=3.')
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = publicRoute(method, request.path)
    try {
      return route ? await ask({ ...request, method }, route) : refusedRoute(method, request.path)
    } catch (error) {
      return fault(error)
    }
  }
}

const FORMATION = publicRoute('GET', '/apps/:/formation')!

function formationOf({ app }: Neighbour): Pick<Request, 'method' | 'path' | 'body'> {
  return { method: 'GET', path: `/apps/${app.name}/formation`, body: null }
}

type JsonAnswer = Extract<Answer, { status: number }>

// What our own clients can be offered instead is no part of Heroku's errors.
function withoutOffer(answer: Answer): Answer {
  if (!('status' in answer) || answer.status < 400) return answer
  const { id, message } = answer.body as Refusal['body']
  return { ...answer, body: { id, message } }
}

function counted(answer: Answer, left: number): Answer {
  if (!('status' in answer)) return answer
  return { ...answer, headers: { ...answer.headers, 'RateLimit-Remaining': String(left) } }
}

// The part of a list that was asked for.
function cut(answer: JsonAnswer, { range }: PublicRequest, { ranges }: PublicRoute): JsonAnswer {
  const { body } = answer
  if (!ranges || !Array.isArray(body)) return answer
  const page = pageOf(body, range, ranges)
  if (!page)
    return refusal(416, `Invalid range: write '${ranges[0]} ..; max=10', or one of ${ranges.join(', ')}.`)
  const headers = {
    ...answer.headers,
    'Accept-Ranges': ranges.join(', '),
    ...(page.contentRange === undefined ? {} : { 'Content-Range': page.contentRange }),
    ...(page.nextRange === undefined ? {} : { 'Next-Range': page.nextRange }),
  }
  return { ...answer, status: page.nextRange === undefined ? 200 : 206, body: page.items, headers }
}

function fileCall(path: string, { user, file }: { readonly user: string; readonly file: string }): Request {
  return { method: 'PUT', path, query: new Map(), prefer: '', user, body: { file } }
}
