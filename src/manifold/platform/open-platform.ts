import { manifoldEnding } from '../../core/absence.ts'
import type { Request } from '../../core/api/exchange.ts'
import { record, stringRecord } from '../../core/api/fields.ts'
import type { Environment } from '../../core/environment.ts'
import { DEFAULT_BASE_PORT } from '../../core/ports.ts'
import { Problem } from '../../core/problem.ts'
import type { Api, Handler, Handlers } from '../answer.ts'
import type { Edges } from '../edges.ts'
import type { OpenManifold } from '../open.ts'
import type { Releases } from '../releases.ts'
import type { Tickets } from '../tickets.ts'
import { type Opener, openIdleFormation } from './idle-formation.ts'
import { openNeighbours } from './neighbours.ts'
import { type AttachMode, openPublicSite } from './public-site.ts'
import type { OpenSite } from './site.ts'

/** The Platform API on a port, while somebody wants it open. */
export type Platform = {
  readonly handlers: Handlers
  /** What the shell of whoever opened it lends a dyno. */
  lent(): Environment
  close(): void
}

type Opened = Omit<OpenSite, 'close'> &
  Opener & {
    readonly key: string
    readonly mode: AttachMode
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
  let opened: Opened | undefined
  let opening: Promise<Opened> | undefined
  let closes = 0
  const opener = (): Opener => opened ?? { caller: {}, settings: {} }
  const idle = openIdleFormation(manifold, { releases, api, opener })

  const open = async ({ body, user }: Request, { lease, port, attach }: Wish): Promise<Opened> => {
    const fields = record(body ?? {}, 'The request')
    const [mode, before] = [attach ?? 'rendezvous', closes]
    const [key, settings] = [edges.secret(), record(fields['start'] ?? {}, 'start')]
    const caller = stringRecord(fields['caller'] ?? {}, 'caller')
    let site: OpenSite | undefined
    const address = () => site!
    const neighbours = openNeighbours(manifold, api(), edges)
    const web = `http://localhost:${settings['port'] ?? DEFAULT_BASE_PORT}/`
    const content = openPublicSite({
      neighbours,
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
    if (!lease) manifold.logplex.tell(message)
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
    if (manifold.isClosing()) throw manifoldEnding()
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

  void manifold.ended.then(close)
  return {
    handlers: [
      ['POST /apps/:/api', create],
      ['DELETE /apps/:/api', remove],
    ],
    lent: () => opener().caller,
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
