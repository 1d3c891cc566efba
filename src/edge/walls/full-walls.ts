import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Launch } from '../../core/dyno.ts'
import {
  isCovered,
  type Mount,
  mountTable,
  ownTable,
  parseMountinfo,
  ROOTS_SETTINGS,
  type RootPlan,
  shownTable,
} from '../../core/mount-table.ts'
import { DYNO_UID, type Walled } from '../../core/walls.ts'
import { buildSkeleton } from './build-skeleton.ts'
import { TOOL_PATH, type Tools, type WallTool } from './find-tools.ts'
import {
  becomeUser,
  CLOSE_ROOT,
  enterScript,
  exportable,
  quote,
  TERMINAL_SIGNALS,
  WALL_SCRIPT,
} from './wall-script.ts'
import { prepareWatch, type Watch } from './watch-walls.ts'

/** Walls of namespaces and an overlay: nothing of a dyno is on disk, and the kernel ends what it leaves behind. */
export type FullWalls = {
  /** Walls for one dyno; the program that builds them is still to be spawned. */
  build(kind: WallsNeeded): EmptyWalls
}

/** What walls are for. */
export type WallsNeeded = {
  readonly terminal: boolean
  /** Where walls that are built ahead wait for the dyno. */
  readonly fifo?: string
  /** The app folder that the dyno runs on itself, as its owner. */
  readonly live?: string
  /** Where it is noted what the dyno did, and under which name. */
  readonly watched?: { readonly folder: string; readonly name: string }
}

/** Walls that stand, or will, and have no dyno yet. */
export type EmptyWalls = {
  readonly walled: Walled
  /** Lets the dyno in; before the program is spawned, unless the walls have a FIFO that it waits at. */
  admit(launch: Launch): void
  /** Whether the machine is still as it was when they were built. */
  isCurrent(): boolean
  /** Forgets what was written down. */
  discard(): void
}

/** What full walls are built of. */
export type WallPlace = {
  /** A private folder, which exists. */
  readonly folder: string
  /** What is hidden from every dyno. */
  readonly runtime: string
  /** The folder of unpacked slugs, by their SHA-256. */
  readonly trees: string
  readonly tools: Tools
}

/** Prepares full walls. */
export function buildFullWalls({ folder, runtime, trees, tools }: WallPlace): FullWalls {
  const skeleton = buildSkeleton(folder)
  const isRoot = process.geteuid?.() === 0
  writeFileSync(`${folder}/wall`, WALL_SCRIPT)
  const hidden = ['/run/user', runtime].filter((path, i) => existsSync(path) && (i === 0 || !isCovered(path)))
  let built = 0
  let watch: Watch | undefined

  // What may change below a waiting wall: the host's mounts, and a cache that somebody removed.
  const machine = () =>
    `${readFileSync('/proc/self/mountinfo', 'utf8')}${statSync(trees, { throwIfNoEntry: false })?.ino}`

  const plan = (live: string | undefined): RootPlan => ({
    skeleton: `${folder}/skeleton`,
    shown: skeleton.shown,
    hidden,
    replaced: skeleton.replaced,
    guarded: userOf(live) === 0 ? ROOTS_SETTINGS.filter((path) => existsSync(path)) : [],
    mounts: reachableMounts(),
    app: live === undefined ? { trees } : { live },
  })

  // Writable layers go between what is shown and what goes over it.
  const writeTables = (at: string, root: RootPlan, isWatched: boolean): void => {
    const mode = 0o600
    if (isWatched) writeFileSync(`${at}.shown`, shownTable(root), { mode })
    writeFileSync(`${at}.mounts`, isWatched ? ownTable(root) : mountTable(root) + CLOSE_ROOT, { mode })
  }

  return {
    build({ terminal, fifo, live, watched }) {
      const name = String(++built)
      const at = `${folder}/${name}`
      mkdirSync(trees, { recursive: true, mode: 0o700 })
      const before = machine()
      if (watched) watch ??= prepareWatch(folder)
      writeTables(at, plan(live), watched !== undefined)
      writeFileSync(`${at}.launch`, '', { mode: 0o600 })
      const go = openGo(fifo)
      const user = userOf(live)
      const owner = isRoot ? String(user) : ''
      const options = live !== undefined ? 'live' : isRoot ? ',redirect_dir=on' : ',userxattr'
      const script = watched ? watch!.wall : `${folder}/wall`
      const notes = watched ? [watch!.begin(watched.folder, watched.name)] : []
      const wall = [script, folder, name, fifo ?? `${at}.go`, owner, options, String(process.pid), ...notes]
      return {
        walled: {
          argv: wallCommand({ wall, terminal, tools, root: isRoot ? user : null }),
          environment: { PATH: TOOL_PATH },
          cwd: '/',
          ours: 2,
          mark: null,
          user,
        },
        admit({ line, slug, environment }) {
          const { free, owned } = exportable(environment)
          const words = [line, free.length, ...free, ...owned]
          writeFileSync(`${at}.launch`, words.map((word) => `${word}\0`).join(''))
          if (go === undefined) writeFileSync(`${at}.go`, `${slug}\n`, { mode: 0o600 })
          else writeSync(go, `${slug}\n`)
        },
        isCurrent: () => machine() === before,
        discard() {
          if (go !== undefined) closeSync(go)
          for (const suffix of ['mounts', 'shown', 'launch', 'go', 'here'])
            rmSync(`${at}.${suffix}`, { force: true })
          if (fifo !== undefined) rmSync(fifo, { force: true })
        },
      }
    },
  }
}

// Open on both ends, so that nobody waits for the other to open it, and what is written stays there until it is read.
function openGo(fifo: string | undefined): number | undefined {
  return fifo === undefined ? undefined : openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
}

type WallCommand = {
  readonly wall: readonly string[]
  readonly terminal: boolean
  readonly tools: Tools
  /** The user to become, where we are root and can. */
  readonly root: number | null
}

// On a terminal our own processes outlive what it sends to its foreground; the wall itself sees to that by its own.
function wallCommand({ wall, terminal, tools, root }: WallCommand): [string, ...string[]] {
  const tool = (name: WallTool) => tools.found.get(name)!
  const calm = terminal ? [tool('env'), `--ignore-signal=${TERMINAL_SIGNALS}`] : []
  const alert = terminal ? [tool('env'), `--default-signal=${TERMINAL_SIGNALS}`] : []
  const tied = [tool('setpriv'), '--pdeathsig', 'KILL']
  const apart = [tool('unshare'), root !== null ? '-mpif' : '-Urmpif', '--kill-child=SIGKILL', '--']
  const bash = [tool('bash'), '--norc', '-c', enterScript(quote(tool('env'))), tool('bash')]
  const words = [...calm, ...tied, ...apart, ...alert, tool('sh'), ...wall, ...become(tool, root), ...bash]
  return words as [string, ...string[]]
}

// The last step into the dyno is to become its user.
function become(tool: (name: WallTool) => string, root: number | null): string[] {
  if (root === null) return [tool('unshare'), '-U', `--map-user=${DYNO_UID}`, `--map-group=${DYNO_UID}`, '--']
  return [tool('setpriv'), ...becomeUser(root), '--']
}

// Nobody on the host, but on an app folder itself whoever owns it: what it writes there is that person's.
function userOf(live: string | undefined): number {
  const self = process.geteuid?.() ?? 0
  if (self !== 0) return self
  return live === undefined ? DYNO_UID : statSync(live).uid
}

// A mount the user cannot walk to (another's FUSE, docker's layers) is out of the dyno's reach as well.
function reachableMounts(): Mount[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')).filter(({ point, only }) => {
    if (only !== null && only !== process.geteuid?.()) return false
    try {
      accessSync(dirname(point), constants.X_OK)
      return true
    } catch {
      return false // that is the answer
    }
  })
}
