import { constants } from 'node:os'
import type { Child, ChildEvents } from '../../core/child.ts'
import type { Launch } from '../../core/dyno.ts'
import type { Walled } from '../../core/walls.ts'
import { signalDyno } from '../../edge/processes/signal-dyno.ts'
import type { EmptyWalls, FullWalls } from '../../edge/walls/full-walls.ts'
import type { Edges } from '../../manifold/edges.ts'

/** How long after the last dyno began the next spare is built, in milliseconds: that dyno's own start comes first. */
const PAUSE = 100

/** A spare's terminal has some size until it is known whose it is. */
const SOME_SIZE = { columns: 80, rows: 24 }

/** Full walls for every dyno, one of them built ahead: it saves a dyno most of the programs that its walls take. */
export type SpareWalls = {
  /** The spare, if it is of the kind the dyno needs and as good as new; else new ones. */
  enclose(launch: Launch): EmptyWalls
  readonly spawn: Edges['spawn']
  /** Builds the spare for a dyno with or without a terminal. */
  prepare(terminal: boolean): Promise<void>
  close(): void
}

/** What spares are made with. */
export type Makings = {
  readonly build: FullWalls['build']
  readonly spawn: Edges['spawn']
  /** A fresh FIFO, by its path. */
  fifo(): Promise<string>
}

/** Walls whose program runs and waits for the dyno; `events` are that dyno's. */
type Spare = {
  readonly terminal: boolean
  readonly walls: EmptyWalls
  readonly child: Child
  readonly life: { events?: ChildEvents; failed: boolean }
}

export function openSpareWalls({ build, spawn, fifo }: Makings): SpareWalls {
  let spare: Spare | undefined
  let closed = false
  let refill: NodeJS.Timeout | undefined
  const taken = new Map<Walled, { spare: Spare; launch: Launch }>()

  const prepare = async (terminal: boolean): Promise<void> => {
    const fresh = await start(terminal, build({ terminal, fifo: await fifo() }))
    scrap()
    if (closed) kill(fresh)
    else spare = fresh
  }

  // Before it has a dyno a wall only speaks or ends when it failed: then it is not taken, and new ones tell why.
  const start = async (terminal: boolean, walls: EmptyWalls): Promise<Spare> => {
    const life: Spare['life'] = { failed: false }
    const events: ChildEvents = {
      output(stream, chunk) {
        if (life.events) life.events.output(stream, chunk)
        else life.failed = true
      },
      drained: () => life.events?.drained(),
      left: () => life.events?.left(),
      exited(exit) {
        life.failed = true
        if (life.events) life.events.exited(exit)
        else walls.discard()
      },
    }
    try {
      return { terminal, walls, child: await spawn(walls.walled, terminal ? SOME_SIZE : null, events), life }
    } catch (error) {
      walls.discard()
      throw error
    }
  }

  const scrap = (): void => {
    if (spare) kill(spare)
    spare = undefined
  }

  const take = (terminal: boolean): Spare | undefined => {
    const found = spare
    if (!found || found.terminal !== terminal || found.life.failed || !found.walls.isCurrent())
      return undefined
    spare = undefined
    return found
  }

  const refillLater = (terminal: boolean): void => {
    clearTimeout(refill)
    // Where there can be none, every dyno gets new walls, and is told what is wrong with those.
    refill = setTimeout(() => prepare(terminal).catch(() => {}), PAUSE)
  }

  return {
    enclose(launch) {
      const terminal = launch.terminal !== null
      const { live, watched: folder } = launch
      if (live !== undefined || folder !== undefined) {
        const watched = folder === undefined ? {} : { watched: { folder, name: launch.environment['DYNO']! } }
        return admitted(build({ terminal, ...(live === undefined ? {} : { live }), ...watched }), launch)
      }
      const found = take(terminal)
      refillLater(terminal)
      if (found) {
        taken.set(found.walls.walled, { spare: found, launch })
        return found.walls
      }
      return admitted(build({ terminal }), launch)
    },
    async spawn(walled, terminal, events) {
      const waiting = taken.get(walled)
      if (!waiting) return spawn(walled, terminal, events)
      taken.delete(walled)
      const { child, walls, life } = waiting.spare
      if (terminal) child.resize(terminal)
      life.events = events
      walls.admit(waiting.launch)
      return child
    },
    prepare,
    close() {
      closed = true
      clearTimeout(refill)
      scrap()
    },
  }
}

function kill({ walls, child, life }: Spare): void {
  if (child.pid > 0 && !life.failed) signalDyno(walls.walled, child.pid, constants.signals.SIGKILL)
}

function admitted(walls: EmptyWalls, launch: Launch): EmptyWalls {
  walls.admit(launch)
  return walls
}
