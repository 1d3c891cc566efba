import type { Answer, Request } from '../../core/api/exchange.ts'
import { record, stringRecord } from '../../core/api/fields.ts'
import type { Environment } from '../../core/environment.ts'
import type { PublicRoute } from '../../core/platform/public-routes.ts'
import { DEFAULT_BASE_PORT } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import type { Api, Handler } from '../answer.ts'
import type { Edges } from '../edges.ts'
import type { OpenManifold } from '../open.ts'
import type { Releases } from '../releases.ts'
import type { Tickets } from '../tickets.ts'
import { takeTurns } from '../turns.ts'
import { openHouses } from './houses.ts'
import { idleFormation, wantedOf } from './idle-formation.ts'
import { type AttachMode, openPublicSite } from './public-site.ts'
import type { OpenSite } from './site.ts'

/** The Platform API on a port, while somebody wants it open. */
export type Platform = {
  readonly handlers: readonly (readonly [route: string, handler: Handler])[]
  /** What the shell of whoever opened it lends a dyno. */
  lent(): Environment
  close(): void
}

type Opened = Omit<OpenSite, 'close'> & {
  readonly key: string
  readonly mode: AttachMode
  readonly caller: Environment
  /** How a formation is started that the API asks for. */
  readonly settings: object
  /** Clients that hold it by a connection, and whether anybody wanted it open whatever becomes of them. */
  holders: number
  stays: boolean
  close(): void
}

/** What is asked of it: undefined leaves a choice to who opened it before, or to us. */
type Wish = {
  readonly lease: boolean
  readonly port: number | undefined
  readonly attach: AttachMode | undefined
}

/** `api` is asked only when somebody comes: it is made of these handlers too. */
export function openPlatform(
  manifold: OpenManifold,
  edges: Edges,
  {
    releases,
    tickets,
    api,
  }: { readonly releases: Releases; readonly tickets: Tickets; readonly api: () => Api },
): Platform {
  const { app } = manifold
  let opened: Opened | undefined
  let opening: Promise<Opened> | undefined
  let closes = 0

  const open = async ({ body, user }: Request, { lease, port, attach }: Wish): Promise<Opened> => {
    const fields = record(body ?? {}, 'The request')
    const [mode, before] = [attach ?? 'rendezvous', closes]
    const [key, settings] = [edges.secret(), record(fields['start'] ?? {}, 'start')]
    const caller = stringRecord(fields['caller'] ?? {}, 'caller')
    let site: OpenSite | undefined
    const address = () => site!
    const houses = openHouses(manifold, api(), edges)
    const web = `http://localhost:${settings['port'] ?? DEFAULT_BASE_PORT}/`
    const content = openPublicSite({
      houses,
      edges,
      key,
      user,
      mode,
      web,
      idle,
      log: manifold.logplex,
      address,
    })
    site = await edges.openSite(content, port ?? null)
    if (closes !== before) {
      site.close()
      throw closedMeanwhile()
    }
    const letGo = manifold.lease()
    const close = () => {
      site.close()
      content.forget()
      letGo()
    }
    const message = `Platform API open at ${site.url} by user ${user}`
    if (!lease) manifold.logplex.write({ source: 'app', ps: 'api', message })
    opened = { ...site, key, mode, caller, settings, holders: 0, stays: false, close }
    return opened
  }

  const close = (): void => {
    closes++ // what is being opened just now is not to be open either
    opened?.close()
    opened = undefined
  }

  const listed = ({ url, key, authority, mode }: Opened) => ({ url, key, authority, attach: mode })

  const create: Handler = async (request) => {
    const wish = wishOf(request.body)
    const { lease, port, attach } = wish
    if (manifold.isClosing()) throw new Problem('manifold', 'The manifold is about to end; try again.')
    if (!opened) {
      opening ??= open(request, wish).finally(() => {
        opening = undefined
      })
      await opening
    }
    const site = opened
    if (!site) throw closedMeanwhile()
    if (
      (port !== undefined && !site.url.endsWith(`:${port}`)) ||
      (attach !== undefined && attach !== site.mode)
    ) {
      const how = `${site.url}, attached by ${site.mode}`
      throw new Problem(
        'conflict',
        `The Platform API is open already at ${how}; close it first with 'dyno api --close'.`,
      )
    }
    if (!lease) {
      site.stays = true
      return { status: 201, body: { ...listed(site), attach_url: null } }
    }
    site.holders++
    let isHeld = true
    const letGo = () => {
      if (isHeld) site.holders--
      isHeld = false
      if (opened === site && site.holders === 0 && !site.stays) close()
    }
    const url = tickets.issue((wire) => wire().listen({ received() {}, drained() {}, closed: letGo }), letGo)
    return { status: 201, body: { ...listed(site), attach_url: url }, unheard: letGo }
  }

  const remove: Handler = () => {
    const closed = opened !== undefined || opening !== undefined
    close()
    return { status: 202, body: { closed } }
  }

  // One after the other: of two that want dynos at once the first begins the formation, and the second scales it.
  const inTurn = takeTurns()
  async function idle(request: Request, { shape }: PublicRoute): Promise<Answer | undefined> {
    if (shape !== 'formation' || manifold.formed()) return undefined
    return inTurn(() => idleAnswer(request))
  }

  // Heroku always has a formation; here one begins when a dyno is wanted.
  async function idleAnswer(request: Request): Promise<Answer | undefined> {
    if (manifold.formed()) return undefined
    const current = releases.current()
    const all = idleFormation(current, app)
    const type = request.path.split('/')[4]
    const listed = type === undefined ? all : all.find((each) => each.type === type || each.id === type)
    if (listed === undefined || current === undefined) return undefined
    if (request.method === 'GET') return { status: 200, body: listed }
    const fields = record(request.body, 'The request')
    const body = type === undefined ? fields : { updates: [{ ...fields, type }] }
    const wanted = wantedOf(body, [...current.processTypes.keys()])
    if (wanted !== 'dynos') return wanted === 'nothing' ? { status: 200, body: listed } : undefined
    const { slug, processTypes, config } = current
    const stack = { slug, process_types: [...processTypes], config, caller: opened?.caller ?? {} }
    const order = { ...opened?.settings, ...body, stack }
    const path = `/apps/${app.name}/formation`
    const start = (body: object) => api().answer({ ...request, method: 'POST', path, body })
    let started = await start(order)
    // Nobody can be asked: the ports that are free are as good as those that are not.
    const offer = 'body' in started ? (started.body as { readonly offer?: number }).offer : undefined
    if (offer !== undefined) started = await start({ ...order, port: offer })
    if (!('status' in started) || started.status >= 400) return started
    return api().answer({
      ...request,
      method: 'GET',
      path: type === undefined ? path : request.path,
      body: null,
    })
  }

  void manifold.ended.then(close)
  return {
    handlers: [
      ['POST /apps/:/api', create],
      ['DELETE /apps/:/api', remove],
    ],
    lent: () => opened?.caller ?? {},
    close,
  }
}

// All of it is looked at before anything is opened.
function wishOf(body: unknown): Wish {
  const { lease, port, attach } = record(body ?? {}, 'The request')
  return { lease: lease === true, port: portOf(port), attach: modeOf(attach) }
}

function modeOf(value: unknown): AttachMode | undefined {
  if (value === undefined || value === null) return undefined
  if (value === 'rendezvous' || value === 'ssh') return value
  throw new Problem('invalid', "'attach' is rendezvous or ssh.")
}

function closedMeanwhile(): Problem {
  return new Problem('conflict', 'The Platform API was closed while it was being opened; open it again.')
}

function portOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536) return Number(value)
  throw new Problem('invalid', 'A port is a number from 1 to 65535.')
}
