import { mkdirSync, rmSync } from 'node:fs'
import type { Launch } from '../../core/dyno.ts'
import { Problem } from '../../core/problem.ts'
import type { WallsKind } from '../../core/walls.ts'
import { makeId } from '../../edge/make-id.ts'
import { startKeeper } from '../../edge/processes/keeper.ts'
import { findTools } from '../../edge/walls/find-tools.ts'
import { buildFullWalls, type FullWalls, type WallPlace } from '../../edge/walls/full-walls.ts'
import { keepKnown, probeWalls, sweepProbes } from '../../edge/walls/probe-walls.ts'
import type { Edges } from '../../manifold/edges.ts'
import type { Place } from '../place.ts'
import { type Makings, openSpareWalls } from './spare-walls.ts'

/** The walls of one manifold's dynos. */
export type OpenWalls = {
  readonly edges: Pick<Edges, 'enclose' | 'spawn' | 'discard' | 'warning'>
  /** Builds walls ahead for the dyno that is about to be asked for, with a terminal or without. */
  prepare(terminal: boolean): Promise<void>
  close(): void
}

/** Chooses each dyno's walls; full ones are built at the first dyno that gets them, the others' code comes along then. */
export async function openWalls(place: Place, makings: Omit<Makings, 'build'>): Promise<OpenWalls> {
  const { runtime, cache } = place.folders
  // Its own: the keeper of a manifold that was killed may still be clearing when the next one has dynos.
  const copies = `${place.copies}/${makeId().slice(0, 8)}`
  const discards = new Map<string, () => void | Promise<void>>()
  sweepProbes(runtime)
  const tools = findTools()
  const known = await probeWalls(runtime, tools)
  const { probe } = known
  let told = known.told
  let full: FullWalls | undefined
  let stopKeeper: (() => void) | undefined

  const chosen = (launch: Launch): WallsKind => {
    if (launch.walls === 'full' && !probe.full) {
      throw new Problem('walls', `Full walls cannot be built here (${probe.reason}); 'dyno doctor' says why.`)
    }
    return launch.walls ?? (probe.full ? 'full' : 'folder')
  }

  const fullWalls = (): FullWalls => {
    full ??= buildWalls({ folder: `${place.run}/walls`, runtime, trees: `${cache}/trees`, tools })
    return full
  }

  const spares = openSpareWalls({ ...makings, build: (kind) => fullWalls().build(kind) })

  return {
    async prepare(terminal) {
      try {
        if (!probe.full) return
        fullWalls() // takes as long as the spare's FIFO
        await spares.prepare(terminal)
      } catch {
        // the first dyno that wants them tries again, and is told
      }
    },
    close() {
      spares.close()
      stopKeeper?.()
    },
    edges: {
      async enclose(name, launch) {
        if (chosen(launch) === 'full') {
          const { walled, discard } = spares.enclose(launch)
          discards.set(name, discard)
          return walled
        }
        stopKeeper ??= startKeeper(copies)
        const { encloseInFolder, encloseLive, discardFolder } = await import(
          '../../edge/walls/folder-walls.ts'
        )
        discards.set(name, () => discardFolder(copies, name))
        if (launch.live !== undefined) return encloseLive(copies, launch.live, launch)
        return encloseInFolder(copies, `${cache}/trees/${launch.slug}`, launch)
      },
      spawn: spares.spawn,
      async discard(name) {
        await discards.get(name)?.()
        discards.delete(name)
      },
      warning() {
        if (probe.full || told) return undefined
        told = true
        keepKnown(runtime, tools, { probe, told })
        return `Dynos are only walled in by folders here (${probe.reason}); 'dyno doctor' says what that costs and how to mend it.`
      },
    },
  }
}

// Half-built walls would be in the way of the next try.
function buildWalls(place: WallPlace): FullWalls {
  try {
    mkdirSync(place.folder, { mode: 0o700 })
    return buildFullWalls(place)
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true })
    throw error
  }
}
