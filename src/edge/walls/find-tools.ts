import { accessSync, constants } from 'node:fs'

/** Programs full walls are built with, by name. */
const WALL_TOOLS = [
  'bash',
  'chown',
  'env',
  'install',
  'mkdir',
  'mount',
  'nsenter',
  'pivot_root',
  'setpriv',
  'sh',
  'tty',
  'umount',
  'unshare',
] as const

export type WallTool = (typeof WALL_TOOLS)[number]

/** Where our own helpers look for programs: never the app's PATH. */
export const TOOL_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin'

/** The absolute path of each tool, and the names of those that are not installed. */
export type Tools = {
  readonly found: ReadonlyMap<WallTool, string>
  readonly missing: readonly WallTool[]
}

/** Looks for all of them. */
export function findTools(): Tools {
  const found = new Map<WallTool, string>()
  for (const name of WALL_TOOLS) {
    const path = TOOL_PATH.split(':').find((folder) => isExecutable(`${folder}/${name}`))
    if (path !== undefined) found.set(name, `${path}/${name}`)
  }
  return { found, missing: WALL_TOOLS.filter((name) => !found.has(name)) }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // the question is just whether it is there
  }
}
