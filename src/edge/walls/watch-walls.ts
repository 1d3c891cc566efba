import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { traceHead, type WatchPoint, WRITTEN_FOLDERS, watchPoints } from '../../core/boot/watched.ts'
import { parseMountinfo } from '../../core/mount-table.ts'
import { WATCHED_SCRIPT } from './wall-script.ts'

/** What walls that watch need besides. */
export type Watch = {
  /** Their script. */
  readonly wall: string
  /** Begins the notes about the dyno of this name in this folder; answers with their file. */
  begin(folder: string, name: string): string
}

/** Writes down in the walls' `folder` what is the same for all that watch: where the layers go, and their first folders. */
export function prepareWatch(folder: string): Watch {
  const { mounts, openFolders } = readMachine()
  const points = watchPoints([...openFolders.keys()], mounts)
  for (const [i, point] of points.entries()) layOut(`${folder}/layers`, i, { point, modes: openFolders })
  const list = points.slice(1).map(({ at }) => `${at}\n`)
  writeFileSync(`${folder}/watched`, list.join(''))
  const wall = `${folder}/watched-wall`
  writeFileSync(wall, WATCHED_SCRIPT)
  return {
    wall,
    begin(notes, name) {
      mkdirSync(notes, { recursive: true, mode: 0o700 })
      writeFileSync(`${notes}/${name}`, traceHead(points, [...openFolders.keys()]), { mode: 0o600 })
      return `${notes}/${name}`
    },
  }
}

// Nobody may look into more than before: a folder that is closed to others stays as it is.
function readMachine() {
  const openFolders = new Map<string, number>()
  for (const path of WRITTEN_FOLDERS) {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() && (found.mode & 0o001) !== 0) openFolders.set(path, found.mode & 0o777)
  }
  return { openFolders, mounts: parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')) }
}

type Layer = { readonly point: WatchPoint; readonly modes: ReadonlyMap<string, number> }

// In an overlay the upper layer's folder says who may do what.
function layOut(layers: string, i: number, { point, modes }: Layer): void {
  mkdirSync(`${layers}/work/${i}`, { recursive: true })
  for (const path of point.open) {
    const ours = `${layers}/up/${i}${path.slice(point.at === '/' ? 0 : point.at.length)}`
    mkdirSync(ours, { recursive: true })
    chmodSync(ours, (modes.get(path) ?? statSync('/').mode & 0o777) | 0o1003)
  }
}
