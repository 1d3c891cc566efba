import type { AppJson } from '../../core/api/app-api.ts'
import type { Answer, Attach, Request } from '../../core/api/exchange.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'
import type { Api } from '../answer.ts'
import type { Edges } from '../edges.ts'
import type { OpenManifold } from '../open.ts'

/** A manifold of this person, ours or another app's. */
export type House = {
  readonly app: { readonly id: string; readonly name: string }
  readonly isOurs: boolean
  ask(request: Request): Promise<Answer>
  readonly attach: Attach
}

/** Every manifold there is. */
export type Houses = {
  readonly ours: House
  /** The one whose app has this name or id; ours before others, and a refusal where it is none or two. */
  find(name: string): Promise<House | Refusal>
  /** All apps, each as its manifold tells of it; one that has just gone, or begins, is not there. */
  apps(request: Request): Promise<AppJson[]>
}

export function openHouses(
  { app }: OpenManifold,
  api: Api,
  { neighbours }: Pick<Edges, 'neighbours'>,
): Houses {
  const ours: House = { app, isOurs: true, ask: api.answer, attach: api.attach }

  return {
    ours,
    async find(name) {
      const means = ({ id, name: called }: House['app']) => called === name || id === name
      if (means(app)) return ours
      const found = (await neighbours()).filter((house) => means(house.app))
      if (found.length > 1) {
        const ids = found.map((house) => house.app.id).join(', ')
        return refusal(422, `${found.length} apps are called ${name}; name one by its id: ${ids}.`)
      }
      const [house] = found
      return house ? { ...house, isOurs: false } : refusal(404, "Couldn't find that app.")
    },
    async apps(request) {
      const own = await ours.ask({ ...request, method: 'GET', path: '/apps', body: null })
      const others = (await neighbours()).map((house) => house.app)
      return 'status' in own && own.status === 200 ? [...(own.body as AppJson[]), ...others] : others
    },
  }
}
