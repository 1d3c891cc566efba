import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { noFormation } from '../../core/absence.ts'
import type { DynoJson } from '../../core/api/api.ts'
import type { FormationJson } from '../../core/api/formation-api.ts'
import { checkRestart, parseQuantities } from '../../core/formation.ts'
import { Problem } from '../../core/problem.ts'
import { absentAs, askDynos, dynosPath, INTERVAL, listDynos } from '../ask-dynos.ts'
import { askIfThere, order } from '../dial.ts'
import { beginFormation, joinFormation, updatesBody } from '../formation/start-formation.ts'
import { appPath, findPlace, makeFolders, type Place } from '../place.ts'
import { lateDynos } from '../ps/ps-wait.ts'
import { letGo } from './let-go.ts'
import type { Dyno, Manifold, Quantities, Quantity, StartOptions } from './library-types.ts'
import { readLog } from './read-log.ts'
import { runToItsEnd } from './run-to-its-end.ts'

/** Opens the manifold of the app in this folder, as a client; starts it where there is none. */
export async function openManifold({ app: folder }: { readonly app: string }): Promise<Manifold> {
  checkNode()
  const place = findPlace(folder, { anywhere: true })
  makeFolders(place)
  const { name, root } = place.app
  const path = appPath(place)
  await order(place, { method: 'GET', path })
  let held: Socket | undefined

  return {
    app: name,
    folder: root,
    dynos: async () => (await listDynos(place)).map(dynoOf),
    async start(quantities, options) {
      held = (await startFormation(place, quantities, options)) ?? held
      return formationOf(place)
    },
    async up({ timeout = Number.POSITIVE_INFINITY } = {}) {
      const giveUpAt = Date.now() + timeout * 1000
      for (;;) {
        const { dynos, late } = await lateDynos(place)
        if (late.length === 0) return dynos.map(dynoOf)
        if (Date.now() > giveUpAt) throw new Problem('timeout', `${late[0]!.name} is not up in time.`)
        await sleep(INTERVAL)
      }
    },
    run: (command, options) => runToItsEnd(place, command, options),
    async scale(quantities = {}) {
      const updates = parseQuantities(wordsOf(quantities))
      if (updates.length === 0) return formationOf(place)
      const body = { updates: updatesBody(updates) }
      await askDynos(place, { method: 'PATCH', path: `${path}/formation`, body })
      return formationOf(place)
    },
    async stop(dyno) {
      await askDynos(
        place,
        { method: 'POST', path: `${dynosPath(place, dyno)}/actions/stop` },
        absentAs(dyno),
      )
    },
    async restart(dyno) {
      if (dyno !== undefined) checkRestart(dyno)
      const those = dyno === undefined ? `${path}/dynos` : dynosPath(place, dyno)
      await askDynos(
        place,
        { method: 'DELETE', path: those },
        dyno === undefined ? noFormation() : absentAs(dyno),
      )
    },
    logs: (options) => readLog(place, options),
    async down() {
      await askIfThere(place, { method: 'DELETE', path: `${path}/formation`, headers: { Prefer: 'wait' } })
    },
    async close() {
      const socket = held
      held = undefined
      if (socket) await letGo(socket)
    },
  }
}

// bin/dyno brings its own; here it is the program's, and so is the manifold's that it starts.
function checkNode(): void {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 11)) return
  throw new Problem(
    'manifold',
    `This program runs on Node ${node}; run it on 24.11 or newer to open a manifold.`,
  )
}

// What holds it is this connection: it goes when we go, however we end.
async function startFormation(
  place: Place,
  quantities: Quantities | undefined,
  { port, router = true, live = false, detach = false }: StartOptions = {},
): Promise<Socket | undefined> {
  const flags = new Map([
    ...(port === undefined ? [] : [['port', String(port)] as const]),
    ...(router ? [] : [['no-router', ''] as const]),
    ...(live ? [['live', ''] as const] : []),
  ])
  const url = await beginFormation(
    place,
    { flags, words: quantities ? ['all=0', ...wordsOf(quantities)] : [] }, // those, and no others
    { tty: false, terminal: { force_no_tty: true }, leased: !detach, isQuiet: true },
  )
  if (url === null) return undefined
  const socket = await joinFormation(place, url)
  socket.on('error', () => socket.destroy()) // 'close' follows
  return socket.resume()
}

function wordsOf(quantities: Quantities): string[] {
  return Object.entries(quantities).map(([type, quantity]) =>
    typeof quantity === 'number' ? `${type}=${quantity}` : `${type}${quantity}`,
  )
}

async function formationOf(place: Place): Promise<Quantity[]> {
  const reply = await askIfThere(place, { method: 'GET', path: `${appPath(place)}/formation` })
  const formation = (reply?.body ?? []) as FormationJson[]
  return formation.map(({ type, quantity, size, command }) => ({ type, quantity, size, command }))
}

function dynoOf({ kind, release, updated_at, ...dyno }: DynoJson): Dyno {
  const { name, type, command, size, state } = dyno
  const version = kind === 'formation' ? (release?.version ?? null) : null
  return { name, type, command, size, state, since: new Date(updated_at), release: version }
}
