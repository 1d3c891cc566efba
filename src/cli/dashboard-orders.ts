import type { DynoJson } from '../core/api.ts'
import type { Orders, Seen } from '../tui/dashboard.ts'
import { askDynos } from './ask-dynos.ts'
import { askIfThere } from './dial.ts'
import type { Place } from './place.ts'

/** What the dashboard shows of the app, as the manifold tells it; nothing when there is none. */
export async function listDynos(place: Place): Promise<Seen> {
  const path = `/apps/${place.app.name}`
  const app = await askIfThere(place, { method: 'GET', path })
  const dynos = app && (await askIfThere(place, { method: 'GET', path: `${path}/dynos` }))
  const { web_url, maintenance } = (app?.body ?? {}) as { web_url?: string | null; maintenance?: boolean }
  return {
    url: web_url ?? null,
    isInMaintenance: maintenance === true,
    dynos: ((dynos?.body ?? []) as DynoJson[]).map(({ name, type, state, updated_at, command, size }) => {
      return { name, type, state, since: Date.parse(updated_at), command, size }
    }),
  }
}

/** What its keys order, through the same API as all commands. */
export function dashboardOrders(place: Place): Orders {
  const path = `/apps/${place.app.name}`
  const ourselves = (command: string, word: string) => {
    return { file: process.execPath, args: [process.argv[1]!, command, '--app', place.app.root, word] }
  }
  return {
    async restart(name) {
      await askDynos(place, { method: 'DELETE', path: `${path}/dynos/${name}` })
    },
    async stop(name) {
      await askDynos(place, { method: 'POST', path: `${path}/dynos/${name}/actions/stop` })
    },
    async scale(type, by) {
      const updates = [{ type, quantity: by > 0 ? `+${by}` : String(by) }]
      await askDynos(place, { method: 'PATCH', path: `${path}/formation`, body: { updates } })
    },
    async maintenance(isOn) {
      await askDynos(place, { method: 'PATCH', path, body: { maintenance: isOn } })
    },
    async stopAll() {
      await askIfThere(place, { method: 'DELETE', path: `${path}/formation`, headers: { Prefer: 'wait' } })
    },
    attach: (name) => ourselves('attach', name),
    run: (line) => ourselves('run', line),
  }
}
