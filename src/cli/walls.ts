import { mkdirSync, rmSync } from 'node:fs'
import type { Launch } from '../core/dyno.ts'
import { Problem } from '../core/problem.ts'
import type { WallsKind } from '../core/walls.ts'
import { startKeeper } from '../edge/processes/keeper.ts'
import { buildFullWalls, type FullWalls } from '../edge/walls/full-walls.ts'
import { keepKnown, probeWalls, sweepProbes } from '../edge/walls/probe-walls.ts'
import type { Edges } from '../manifold/edges.ts'
import type { Place } from './place.ts'

/** The walls of one manifold's dynos. */
export type OpenWalls = {
  readonly edges: Pick<Edges, 'enclose' | 'discard' | 'warning'>
  prepare(): void
  close(): void
}

/** Chooses each dyno's walls; full ones are built at the first dyno that gets them, the others' code comes along then. */
export async function openWalls(place: Place): Promise<OpenWalls> {
  const { runtime, cache } = place.folders
  const kinds = new Map<string, WallsKind>()
  sweepProbes(runtime)
  const known = await probeWalls(runtime)
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
    full ??= buildWalls(`${place.run}/walls`, runtime)
    return full
  }

  return {
    prepare() {
      try {
        if (probe.full) fullWalls()
      } catch {
        // the first dyno that wants them tries again, and is told
      }
    },
    close: () => stopKeeper?.(),
    edges: {
      async enclose(name, launch) {
        const tree = `${cache}/trees/${launch.slug}`
        const kind = chosen(launch)
        kinds.set(name, kind)
        if (kind === 'full') {
          return fullWalls().enclose(name, tree, launch)
        }
        stopKeeper ??= startKeeper(place.copies)
        const { encloseInFolder } = await import('../edge/walls/folder-walls.ts')
        return encloseInFolder(place.copies, tree, launch)
      },
      async discard(name) {
        const kind = kinds.get(name)
        kinds.delete(name)
        if (kind === 'full') full?.discard(name)
        if (kind !== 'folder') return
        const { discardFolder } = await import('../edge/walls/folder-walls.ts')
        await discardFolder(place.copies, name)
      },
      warning() {
        if (probe.full || told) return undefined
        told = true
        keepKnown(runtime, { probe, told })
        return `Dynos are only walled in by folders here (${probe.reason}); 'dyno doctor' says what that costs and how to mend it.`
      },
    },
  }
}

// Half-built walls would be in the way of the next try.
function buildWalls(folder: string, runtime: string): FullWalls {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return buildFullWalls(folder, runtime)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
