/** A line of /proc/self/mountinfo, as far as it matters here. */
export type Mount = {
  readonly point: string
  readonly options: readonly string[]
  readonly type: string
  /** The one user who may look into it (FUSE without allow_other), or null. */
  readonly only: number | null
}

/** What a dyno's root is built of; every path is absolute and on the host. */
export type RootPlan = {
  /** The prepared folder with a mount point for everything. */
  readonly skeleton: string
  /** Host folders that are shown read-only at the same place. */
  readonly shown: readonly string[]
  /** Host folders below them that are covered with emptiness. */
  readonly hidden: readonly string[]
  /** Files that stand in for the host's: `/etc/passwd` → ours. */
  readonly replaced: ReadonlyMap<string, string>
  /** What is read-only of the dyno's own /proc. */
  readonly guarded: readonly string[]
  /** What is mounted on the host and can be reached by its user. */
  readonly mounts: readonly Mount[]
  /** The folder of unpacked slugs; or, for a live dyno, the app folder that it runs on itself. */
  readonly app: { readonly trees: string } | { readonly live: string }
}

/** Devices that are the host's own; the rest of /dev is not there. */
export const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'] as const

/**
 * Where /proc asks only who owns a setting, and no capability: to be read-only for a dyno that is root to the host. For
 * any other they are so anyway, and what covers a part of /proc keeps namespaces within the dyno from having one.
 */
export const ROOTS_SETTINGS = [
  'acpi',
  'bus',
  'dynamic_debug',
  'fs',
  'irq',
  'mtrr',
  'scsi',
  'sys',
  'sysrq-trigger',
].map((name) => `/proc/${name}`)

/** Folders that are the dyno's own, empty at first, and end with it. */
const OWN_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm'] as const

/** Whether a path of the host is below what a dyno has of its own, or is not shown: it cannot see that. */
export function isCovered(path: string): boolean {
  return ['/tmp/', '/var/tmp/', '/dev/', '/run/user/', '/app/', '/proc/'].some((folder) =>
    path.startsWith(folder),
  )
}

// A quarter of the machine's memory is where one dyno's writes end: no runaway fills the host.
const QUARTER = 'size=25%'

/** Reads /proc/self/mountinfo; the last mount at a point is the one that is seen. */
export function parseMountinfo(text: string): Mount[] {
  const mounts = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ')
    const fields = left!.split(' ')
    if (fields.length < 6 || right === undefined) continue
    const point = fields[4]!.replace(/\\([0-7]{3})/g, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    )
    const [type, , settings = ''] = right.split(' ')
    mounts.set(point, { point, options: fields[5]!.split(','), type: type!, only: onlyUser(type!, settings) })
  }
  return [...mounts.values()]
}

// FUSE shows a mount to nobody but its owner, not even to root, unless it was told otherwise.
function onlyUser(type: string, settings: string): number | null {
  const owner = /(?:^|,)user_id=(\d+)/.exec(settings)
  return type.startsWith('fuse') && owner && !settings.includes('allow_other') ? Number(owner[1]) : null
}

/** The table for `mount --all --fstab`: one program mounts it all, because each program costs a millisecond. */
export function mountTable(plan: RootPlan): string {
  const root = entry(plan.skeleton, plan.skeleton, 'none', ['bind'])
  return text([root]) + shownTable(plan) + ownTable(plan)
}

/** The part of it that shows the host's folders, … */
export function shownTable(plan: RootPlan): string {
  const at = (path: string) => plan.skeleton + path
  const lines: string[] = []
  for (const folder of plan.shown) {
    lines.push(entry(folder, at(folder), 'none', ['rbind']))
    lines.push(readOnly(at(folder), covering(plan.mounts, folder)))
    lines.push(...submounts(plan, folder).map((mount) => readOnly(at(mount.point), mount)))
  }
  return text(lines)
}

/** … and the one that goes over them: what is hidden, and what the dyno has of its own. */
export function ownTable(plan: RootPlan): string {
  const at = (path: string) => plan.skeleton + path
  const lines: string[] = []
  lines.push(
    ...plan.hidden.map((folder) => entry('tmpfs', at(folder), 'tmpfs', ['ro', 'mode=755', 'size=4k'])),
  )
  lines.push(...DEVICES.map((name) => entry(`/dev/${name}`, at(`/dev/${name}`), 'none', ['bind'])))
  lines.push(entry('devpts', at('/dev/pts'), 'devpts', ['newinstance', 'ptmxmode=0666', 'mode=620']))
  const own = ['mode=1777', 'nosuid', 'nodev', QUARTER]
  lines.push(...OWN_FOLDERS.map((folder) => entry('tmpfs', at(folder), 'tmpfs', own)))
  lines.push(entry('proc', at('/proc'), 'proc', ['nosuid', 'nodev', 'noexec']))
  for (const [host, ours] of plan.replaced)
    lines.push(entry(ours, at(host), 'none', ['bind']), readOnly(at(host)))
  for (const path of plan.guarded) lines.push(entry(at(path), at(path), 'none', ['bind']), readOnly(at(path)))
  lines.push(...appMounts(plan, at))
  return text(lines)
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

// Under /app is what the overlay of the slug is made of once it is known which; then that covers it.
function appMounts({ app, mounts }: RootPlan, at: (path: string) => string): string[] {
  if ('live' in app) return [entry(app.live, at('/app'), 'none', ['rbind'])]
  return [
    entry('tmpfs', at('/app'), 'tmpfs', ['mode=755', 'nodev', QUARTER]),
    entry(app.trees, at('/app/trees'), 'none', ['bind', 'X-mount.mkdir']),
    readOnly(at('/app/trees'), covering(mounts, app.trees)),
  ]
}

// A bind mount takes its read-only flag in a second step, which must repeat the flags a user namespace locks.
function readOnly(target: string, mount?: Mount): string {
  const locked = (mount?.options ?? []).filter((option) => ['nodev', 'noexec'].includes(option))
  return entry('none', target, 'none', ['remount', 'bind', 'ro', 'nosuid', ...locked])
}

function covering(mounts: readonly Mount[], folder: string): Mount | undefined {
  const above = mounts.filter(({ point }) => folder === point || isBelow(folder, point))
  return above.sort((a, b) => b.point.length - a.point.length)[0]
}

// Submounts come along writable; those that are read-only already (snaps, images) need no second step.
function submounts(plan: RootPlan, folder: string): Mount[] {
  const covered = [...plan.hidden, ...OWN_FOLDERS]
  return plan.mounts.filter(({ point, options }) => {
    if (!isBelow(point, folder) || options.includes('ro')) return false
    return !covered.some((hidden) => point === hidden || isBelow(point, hidden))
  })
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`) && path !== folder
}

function entry(source: string, target: string, type: string, options: readonly string[]): string {
  return [fstabName(source), fstabName(target), type, options.join(','), '0 0'].join(' ')
}

// fstab(5) keeps blanks and backslashes in names as octal.
function fstabName(path: string): string {
  return path.replace(/[ \t\n\r\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
