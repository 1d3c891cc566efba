import type { Socket } from 'node:net'
import { MANIFOLD_GONE, noFormation, noSuchDyno } from '../core/absence.ts'
import type { DynoJson } from '../core/api/api.ts'
import type { AppNow } from '../core/api/app-api.ts'
import { parseDynoName } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { type Call, NobodyThere, type Reply, upgrade } from '../edge/dial-manifold.ts'
import { askIfThere } from './dial.ts'
import { appPath, type Place } from './place.ts'

/** How often the dynos are looked at by whoever waits for a change, in milliseconds. */
export const INTERVAL = 250

/** Answers that come when what was asked for has happened, not when it has begun. */
const WAIT = { Prefer: 'wait' }

/** The path of a dyno, or of all dynos of a type. */
export function dynosPath(place: Place, name: string): string {
  if (parseDynoName(name)) return dynoPath(place, name)
  return `${appPath(place)}/formations/${encodeURIComponent(name)}`
}

/** The path of one dyno: what is no dyno's name is answered with those that run. */
function dynoPath(place: Place, name: string): string {
  return `${appPath(place)}/dynos/${encodeURIComponent(name)}`
}

/** Asks for something to be done to dynos that run, and waits until it is; throws `absent` where there is no manifold. */
export async function askDynos(place: Place, call: Call, absent: Problem = noFormation()): Promise<Reply> {
  const reply = await askIfThere(place, { ...call, headers: WAIT })
  if (reply) return reply
  throw absent
}

/** What is not there when nothing of this name can be asked: a dyno, or the formation. */
export function absentAs(name: string): Problem {
  return parseDynoName(name) ? noSuchDyno(name, []) : noFormation()
}

/** Asks for a connection that carries frames to or into a dyno; throws a Problem when it does not run. */
export async function joinDyno(
  place: Place,
  name: string,
  { suffix = '', body }: { readonly suffix?: string; readonly body?: unknown },
): Promise<Socket> {
  const call = { method: 'POST', path: `${dynoPath(place, name)}${suffix}`, body }
  const { body: joined } = await askDynos(place, call, noSuchDyno(name, []))
  const socket = await joinAt(place, (joined as { attach_url: string }).attach_url)
  if (socket) return socket
  throw new Problem('not-found', `${name} does not run at the moment; see 'dyno ps'.`)
}

/** The connection at an address that an order was answered with; undefined when there is nothing to join any more. */
export async function joinAt({ socket }: Place, url: string): Promise<Socket | undefined> {
  try {
    return await upgrade(socket, url)
  } catch (error) {
    if (error instanceof NobodyThere) throw new Problem('manifold', MANIFOLD_GONE)
    throw error
  }
}

/** The dynos of the app; none where there is no manifold. */
export async function listDynos(place: Place): Promise<DynoJson[]> {
  const reply = await askIfThere(place, { method: 'GET', path: `${appPath(place)}/dynos` })
  return (reply?.body ?? []) as DynoJson[]
}

/** What runs of the app; undefined where there is no manifold. */
export async function appOf(place: Place): Promise<AppNow | undefined> {
  const reply = await askIfThere(place, { method: 'GET', path: appPath(place) })
  return reply?.body as AppNow | undefined
}

/** A formation that runs: its release, and whether it runs on the app folder itself. */
export type RunningFormation = NonNullable<AppNow['formation']>

/** The formation that runs, if one does. */
export async function runningFormation(place: Place): Promise<RunningFormation | null> {
  return (await appOf(place))?.formation ?? null
}
