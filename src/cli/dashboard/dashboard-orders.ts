import { checkRestart, parseQuantities } from '../../core/formation.ts'
import type { MetricsJson } from '../../core/metrics.ts'
import { releaseBefore } from '../../core/release-record.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { lineNumberAt, linesBefore } from '../../edge/logs/read-lines.ts'
import { logFolder, type Position } from '../../edge/logs/segments.ts'
import type { Seen } from '../../tui/dashboard.ts'
import { drawable } from '../../tui/drawable.ts'
import type { Orders } from '../../tui/orders.ts'
import { appOf, askDynos, joinDyno, listDynos } from '../ask-dynos.ts'
import { askIfThere } from '../dial.ts'
import { updatesBody } from '../formation/start-formation.ts'
import { createDyno, joinCreated } from '../one-off/create-dyno.ts'
import { appPath, type Place } from '../place.ts'
import { ourCaller, prepareStack } from '../stack.ts'
import { joinTerminal } from './join-terminal.ts'

/** What the dashboard shows of the app, as the manifold tells it; nothing when there is none. */
export async function lookAround(place: Place): Promise<Seen> {
  const [app, dynos, metrics] = await Promise.all([
    appOf(place),
    listDynos(place),
    askIfThere(place, { method: 'GET', path: `${appPath(place)}/metrics` }),
  ])
  return {
    url: app?.web_url ?? null,
    isInMaintenance: app?.maintenance === true,
    metrics: metrics?.body as MetricsJson | undefined,
    dynos: dynos.map(({ name, type, state, updated_at, command, size, release }) => {
      const version = release?.version ?? null
      return { name, type, state, since: Date.parse(updated_at), command, size, version }
    }),
  }
}

/** What its keys order, through the same API as all commands. `from` is where its log began. */
export function dashboardOrders(place: Place, from: Position): Orders {
  const path = appPath(place)
  const folder = logFolder(place.state)
  let firstLine: number | undefined
  return {
    async restart(name) {
      checkRestart(name)
      await askDynos(place, { method: 'DELETE', path: `${path}/dynos/${name}` })
    },
    async restartAll() {
      await askDynos(place, { method: 'DELETE', path: `${path}/dynos` })
    },
    async stop(name) {
      await askDynos(place, { method: 'POST', path: `${path}/dynos/${name}/actions/stop` })
    },
    async scale(changes) {
      const updates = updatesBody(parseQuantities(changes))
      await askDynos(place, { method: 'PATCH', path: `${path}/formation`, body: { updates } })
    },
    async maintenance(isOn) {
      await askDynos(place, { method: 'PATCH', path, body: { maintenance: isOn } })
    },
    async release() {
      const stack = await prepareStack(place, { isQuiet: true }) // no bar in our picture
      await askDynos(place, { method: 'POST', path: `${path}/releases`, body: { stack } })
    },
    async rollback() {
      const { version } = releaseBefore(readReleases(place.state).records)
      const body = { release: `v${version}`, caller: ourCaller() }
      await askDynos(place, { method: 'POST', path: `${path}/releases`, body })
    },
    async config() {
      const reply = await askDynos(place, { method: 'GET', path: `${path}/config-vars` })
      return reply.body as Record<string, string>
    },
    async stopAll() {
      await askIfThere(place, { method: 'DELETE', path: `${path}/formation`, headers: { Prefer: 'wait' } })
    },
    async killAll() {
      await askIfThere(place, { method: 'DELETE', path: `${path}/formation`, body: { kill: true } })
    },
    async attach(name, heard) {
      return joinTerminal(await joinDyno(place, name, { suffix: '/actions/attach' }), { name, heard })
    },
    async run(line, size, heard) {
      const typed = { flags: new Map<string, string>(), words: [line] }
      const wanted = { tty: false, attach: true, terminal: size } as const // no progress bar in our picture
      const created = await createDyno(place, typed, wanted, () => {})
      const { name } = created
      const socket = await joinCreated(place, created, `${name} could not be joined; try again.`)
      return joinTerminal(socket, { name, heard })
    },
    linesBefore(line, count) {
      firstLine ??= lineNumberAt(folder, from)
      return linesBefore(folder, firstLine + line, count).map(drawable)
    },
  }
}
