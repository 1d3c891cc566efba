import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { LONGEST_WAIT } from '../../core/patience.ts'
import { describeHolder } from '../../core/port-holder.ts'
import { Problem } from '../../core/problem.ts'
import type { RouterSettings } from '../../core/router/router.ts'
import { LIVE_MARK } from '../../core/walls.ts'
import { keepNumber } from '../../edge/keep-number.ts'
import { keepRelease, readReleases, releasesFolder, setAside } from '../../edge/keep-releases.ts'
import { type LogFile, openLog } from '../../edge/logs/append-log.ts'
import { recentLines } from '../../edge/logs/recent-lines.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import { tellUnfinished } from '../../edge/logs/unfinished.ts'
import { makeId } from '../../edge/make-id.ts'
import { pipeMaker } from '../../edge/pipes/make-pipes.ts'
import { spawnPipe } from '../../edge/pipes/spawn-pipe.ts'
import { listeningPorts } from '../../edge/ports/listening-ports.ts'
import { usageOf } from '../../edge/processes/measure-usage.ts'
import { noteSurvivors } from '../../edge/processes/note-survivors.ts'
import { endSurvivors, signalDyno } from '../../edge/processes/signal-dyno.ts'
import { cacheAt, treeOf } from '../../edge/slugs/cache-folder.ts'
import { sweepCache } from '../../edge/slugs/keep-slugs.ts'
import { sweepUnfinished } from '../../edge/write-whole.ts'
import type { Edges } from '../../manifold/edges.ts'
import { type Place, tlsFolder } from '../place.ts'
import type { Makings } from './spare-walls.ts'
import { type OpenWalls, openWalls } from './walls.ts'

/** The real edges, and how to leave nothing of them behind. */
export type World = {
  readonly edges: Edges
  /** Gets ready for the first dyno, with a terminal or without, while the client that wants it is still asking. */
  prepare(terminal: boolean): Promise<void>
  /** What was cleared of a manifold that was killed, as a sentence; undefined when there was nothing. */
  readonly cleared: string | undefined
  close(): void
}

/** Clears what a killed manifold of this app left behind, and builds the world anew. The app's lock is held. */
export async function buildWorld(place: Place): Promise<World> {
  const cleared = await clear(place)
  let untold = cleared
  mkdirSync(place.run, { mode: 0o700 })
  const pipes = pipeMaker(place.run)
  pipes.prepare()
  const spawn: Edges['spawn'] = async (walled, terminal, events) => {
    if (!terminal) return spawnPipe(walled, await pipes.make(), events)
    const { spawnPty } = await import('../../edge/spawn-pty.ts')
    return spawnPty(walled, terminal, events)
  }
  const { log, walls } = await open(place, { spawn, fifo: pipes.fifo })
  const edges: Edges = {
    pid: process.pid,
    now: () => performance.timeOrigin + performance.now(),
    wake(milliseconds, call) {
      const timer = setTimeout(call, Math.min(milliseconds, LONGEST_WAIT))
      return () => clearTimeout(timer)
    },
    id: makeId,
    ...walls.edges,
    async enter(walled, leader, launch) {
      const { enterWalls } = await import('../../edge/walls/enter-walls.ts')
      return enterWalls(walled, leader, launch)
    },
    async claimPort(port) {
      const { probePort } = await import('../../edge/ports/probe-port.ts')
      const holder = await probePort(port)
      if (holder !== 'free') throw new Problem('port', describeHolder(port, holder))
    },
    async serveRouter(settings, routes) {
      const { serveRouter } = await import('../../edge/router/serve-router.ts')
      const { randomUUID } = process.getBuiltinModule('node:crypto') // 10 ms to load, and then 10 times as fast as ours
      const certificate = settings.tls ? await certificateFor(place, settings) : null
      try {
        return await serveRouter(settings, routes, { id: randomUUID, certificate })
      } catch (error) {
        throw new Problem('port', refusedPort(settings, error as Error))
      }
    },
    listeningPorts,
    signal: signalDyno,
    usageOf,
    async endSurvivors(walled) {
      const { mark, notes } = walled
      if (notes !== undefined && mark !== null) await noteSurvivors(mark, notes)
      await endSurvivors(walled)
    },
    warning() {
      const first = untold
      untold = undefined
      return first ?? walls.edges.warning() ?? lostLines(place, log)
    },
    appendLog: log.append,
    flushLog: log.flush,
    readLog(count) {
      log.flush()
      return recentLines(place.state, count)
    },
    tellUnfinished: (lines) => tellUnfinished(logFolder(place.state), lines),
    readReleases() {
      const kept = readReleases(place.state)
      return { ...kept, broken: setAside(kept.broken) }
    },
    keepRelease: (record) => keepRelease(place.state, record),
    hasSlug: (sha256) => treeOf(cacheAt(place.folders.cache), sha256) !== undefined,
    prepareSlug: async (file) => (await import('../api/uploaded-slug.ts')).prepareUpload(place, file),
    readSlug: async (sha256) => (await import('../api/uploaded-slug.ts')).sendUpload(place, sha256),
    secret: () => process.getBuiltinModule('node:crypto').randomBytes(32).toString('hex'),
    openSite: async (site, port) => (await import('../api/open-site.ts')).openSite(place, site, port),
    neighbours: async () => (await import('../api/neighbours.ts')).findNeighbours(place),
    remember: (number) => keepNumber(place.state, number),
  }
  return {
    edges,
    cleared,
    prepare: walls.prepare,
    close() {
      walls.close()
      log.close()
      remove(place)
    },
  }
}

async function certificateFor(place: Place, { host }: RouterSettings) {
  const { keepCertificate } = await import('../../edge/tls/keep-certificate.ts')
  return keepCertificate(tlsFolder(place), host === null ? [] : [host])
}

function refusedPort({ port, host }: RouterSettings, { message }: Error): string {
  return `The router cannot listen at ${host ?? 'localhost'}, port ${port} (${message}); name another --host or port with -p.`
}

// What cannot be opened leaves nothing of what could.
async function open(
  place: Place,
  makings: Omit<Makings, 'build'>,
): Promise<{ log: LogFile; walls: OpenWalls }> {
  try {
    return { log: openLog(place.state), walls: await openWalls(place, makings) }
  } catch (error) {
    remove(place)
    throw error
  }
}

function lostLines(place: Place, log: LogFile): string | undefined {
  const lost = log.lost()
  return lost > 0
    ? `The disk is full: ${lost} lines of the log are lost; make room below ${place.state}.`
    : undefined
}

// A manifold that ends by itself leaves none of these. What the kernel and the keeper end is gone by now.
async function clear(place: Place): Promise<string | undefined> {
  const left = [place.socket, place.run, place.copies].filter((path) => existsSync(path))
  sweepCache({ cacheFolder: place.folders.cache })
  const { state } = place
  for (const folder of [state, releasesFolder(state), logFolder(state)]) sweepUnfinished(folder)
  const manifolds = readFolder(place.copies).map((name) => `${place.copies}/${name}`)
  const dynos = manifolds.flatMap((folder) => readFolder(folder).map((name) => `${folder}/${name}`))
  for (const dyno of dynos) {
    for (const variable of ['HOME', LIVE_MARK]) await endSurvivors({ mark: `${variable}=${dyno}/app` })
  }
  remove(place)
  if (left.length === 0) return undefined
  return `A manifold of this app was killed; what it left was cleared: ${left.join(', ')}.`
}

// Retried: something may just be being made in a folder of ours.
function remove(place: Place): void {
  for (const path of [place.socket, place.run, place.copies]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  }
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return [] // it is only there while dynos have folders for walls
  }
}
