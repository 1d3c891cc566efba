import type { AppJson } from '../../core/api/app-api.ts'
import type { Request } from '../../core/api/exchange.ts'
import { isIdOfKey } from '../../core/app.ts'
import { type Refusal, refusal } from '../../core/platform/refusal.ts'
import type { Api } from '../answer.ts'
import type { Edges, Neighbour } from '../edges.ts'
import type { OpenManifold } from '../open.ts'

/** Every manifold there is. */
export type Neighbours = {
  readonly ours: Neighbour
  /** The one whose app has this name or id; ours before others, and a refusal where it is none, two or silent. */
  find(name: string): Promise<Neighbour | Refusal>
  /** All apps, each as its manifold tells of it; one that has just gone, or begins, is not there. */
  apps(request: Request): Promise<AppJson[]>
}

export function openNeighbours(
  { app }: OpenManifold,
  api: Api,
  { neighbours }: Pick<Edges, 'neighbours'>,
): Neighbours {
  const ours: Neighbour = { app, ask: api.answer, attach: api.attach }

  return {
    ours,
    async find(name) {
      const means = ({ id, name: called }: Neighbour['app']) => called === name || id === name
      if (means(app)) return ours
      const others = await neighbours()
      // It may be the one that is meant, whatever others have its name.
      if (others.silent.some((each) => each.name === name || isIdOfKey(name, each.key)))
        return refusal(503, 'The manifold of that app does not answer.')
      const found = others.found.filter((each) => means(each.app))
      if (found.length > 1) {
        const ids = found.map((each) => each.app.id).join(', ')
        return refusal(422, `${found.length} apps are called ${name}; name one by its id: ${ids}.`)
      }
      const [neighbour] = found
      return neighbour ?? refusal(404, "Couldn't find that app.")
    },
    async apps(request) {
      const own = await ours.ask({ ...request, method: 'GET', path: '/apps', body: null })
      const others = (await neighbours()).found.map((each) => each.app)
      return 'status' in own && own.status === 200 ? [...(own.body as AppJson[]), ...others] : others
    },
  }
}
