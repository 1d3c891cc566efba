import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Launch } from '../../core/dyno.ts'
import { consoleEntry, type Mount, mountTable, parseMountinfo } from '../../core/mount-table.ts'
import { DYNO_UID, type Walled } from '../../core/walls.ts'
import { buildSkeleton } from './build-skeleton.ts'
import { findTools, TOOL_PATH, type WallTool } from './find-tools.ts'
import {
  BECOME_USER,
  CLOSE_ROOT,
  quote,
  START_SCRIPT,
  TAKE_VARIABLES,
  TERMINAL_SIGNALS,
  WALL_SCRIPT,
} from './wall-script.ts'

/** Walls of namespaces and an overlay: nothing of a dyno is on disk, and the kernel ends what it leaves behind. */
export type FullWalls = {
  enclose(name: string, tree: string, launch: Launch): Walled
  /** Forgets what `enclose` wrote down. */
  discard(name: string): void
}

/** Prepares walls in `folder`, which is private and exists; `runtime` is hidden from every dyno. */
export function buildFullWalls(folder: string, runtime: string): FullWalls {
  const skeleton = buildSkeleton(folder)
  const tools = findTools().found
  const isRoot = process.geteuid?.() === 0
  writeFileSync(`${folder}/wall`, WALL_SCRIPT)
  const hidden = ['/run/user', runtime].filter((path, i) => isShown(path) && (i === 0 || !isCovered(path)))
  return {
    enclose(name, tree, launch) {
      const table = mountTable({
        skeleton: `${folder}/skeleton`,
        shown: skeleton.shown,
        hidden,
        replaced: skeleton.replaced,
        mounts: reachableMounts(),
        writes: `${folder}/writes`,
        slug: { tree, at: `${folder}/slug` },
      })
      const variables = Object.entries(launch.environment).map(([key, value]) => `${key}=${value}\0`)
      const files = {
        mounts: table + CLOSE_ROOT,
        start: startFunction(launch, tools, isRoot),
        vars: variables.join(''),
      }
      for (const [suffix, text] of Object.entries(files))
        writeFileSync(`${folder}/${name}.${suffix}`, text, { mode: 0o600 })
      const owner = isRoot ? String(DYNO_UID) : ''
      const options = isRoot ? ',redirect_dir=on' : ',userxattr'
      const terminal = consoleEntry(`${folder}/skeleton`)
      const wall = ['sh', `${folder}/wall`, folder, name, owner, options, terminal, String(process.pid)]
      const calm = launch.terminal ? ['env', `--ignore-signal=${TERMINAL_SIGNALS}`] : []
      const unshare = ['unshare', isRoot ? '-mpif' : '-Urmpif', '--kill-child=SIGKILL', '--']
      const argv = [...calm, 'setpriv', '--pdeathsig', 'KILL', ...unshare, ...wall]
      argv[0] = tools.get(argv[0] as WallTool)!
      return {
        argv: argv as [string, ...string[]],
        environment: { PATH: TOOL_PATH },
        cwd: '/',
        ours: 2,
        mark: null,
      }
    },
    discard(name) {
      for (const suffix of ['mounts', 'start', 'vars']) rmSync(`${folder}/${name}.${suffix}`, { force: true })
    },
  }
}

// The last step into the dyno: its user, then its variables and the command.
function startFunction(launch: Launch, tools: ReadonlyMap<WallTool, string>, isRoot: boolean): string {
  const tool = (name: WallTool) => quote(tools.get(name)!)
  const become = isRoot
    ? `${tool('setpriv')} ${BECOME_USER} --`
    : `${tool('unshare')} -U --map-user=${DYNO_UID} --map-group=${DYNO_UID} --`
  const calm = launch.terminal ? `${tool('env')} --default-signal=${TERMINAL_SIGNALS}` : ''
  const script = quote(TAKE_VARIABLES + START_SCRIPT)
  const bash = `${tool('bash')} --norc -c ${script} ${tool('bash')} ${quote(launch.line)}`
  return `dyno_start() {\nunset OLDPWD\nexec ${become} ${calm} ${bash}\n}\n`
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

function isShown(path: string): boolean {
  return existsSync(path)
}

function isCovered(path: string): boolean {
  return ['/tmp/', '/var/tmp/', '/dev/', '/run/user/', '/app/'].some((folder) => path.startsWith(folder))
}
