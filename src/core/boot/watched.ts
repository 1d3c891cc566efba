import type { Mount } from '../mount-table.ts'

// Walls that watch let a dyno write where programs are wont to, elsewhere than on Heroku's ephemeral folders, and
// tell afterwards what it wrote and which of its processes it left. What they note is read here.

/** Host folders that programs are wont to write to; parents come first. */
export const WRITTEN_FOLDERS: readonly string[] = [
  ...['/etc', '/home', '/media', '/mnt', '/opt', '/root', '/run', '/run/lock', '/srv'],
  ...[
    '/usr/local',
    '/usr/local/bin',
    '/usr/local/etc',
    '/usr/local/lib',
    '/usr/local/share',
    '/usr/local/var',
  ],
  ...['/var', '/var/cache', '/var/lib', '/var/local', '/var/log', '/var/mail', '/var/opt', '/var/spool'],
  ...['/var/www'],
]

/** A folder that is covered with a writable layer, and which folders in it are open to everybody there: it, and some below. */
export type WatchPoint = { readonly at: string; readonly open: readonly string[] }

/**
 * Where writable layers go, the root folder first. A layer shows nothing of what is mounted below it, and the kernel
 * refuses an ordinary user one there: then folders further down get their own.
 */
export function watchPoints(
  folders: readonly string[],
  mounts: readonly Pick<Mount, 'point'>[],
): WatchPoint[] {
  const points: WatchPoint[] = [{ at: '/', open: ['/'] }]
  for (const at of folders) {
    if (points.some((point) => point.open.includes(at))) continue
    if (mounts.some(({ point }) => point.startsWith(`${at}/`))) continue
    points.push({ at, open: folders.filter((each) => each === at || each.startsWith(`${at}/`)) })
  }
  return points
}

/** What a dyno did that ends with it on Heroku, or should not be. */
export type Trace = {
  /** Names of processes that were still there a moment after its first had ended. */
  readonly left: readonly string[]
  /** Paths it created, changed or deleted; null where nothing was watched. */
  readonly wrote: readonly string[] | null
  /** Folders that could not be watched. */
  readonly unseen: readonly string[]
}

/** What the walls begin their notes with; they go on themselves, and every note ends in NUL. */
export function traceHead(points: readonly WatchPoint[], folders: readonly string[]): string {
  const notes = points.flatMap(({ at, open }, i) => [`at ${i} ${at}`, ...open.map((each) => `open ${each}`)])
  const unseen = folders.filter((folder) => !points.some(({ open }) => open.includes(folder)))
  return notesOf([...notes, ...unseen.map((folder) => `unseen ${folder}`)])
}

function notesOf(notes: readonly string[]): string {
  return notes.map((note) => `${note}\0`).join('')
}

/** What is noted as soon as a dyno's first process has ended, … */
export const ENDED_NOTE = notesOf(['ended'])

/** … and whether it is: what it left is looked at for a moment longer. */
export function endedIn(text: string): boolean {
  return text.split('\0').includes('ended')
}

/** What is noted after that where only processes can be seen: the names of those that were left. */
export function survivorsNote(names: readonly string[]): string {
  return notesOf([...names.map((name) => `left ${name}`), 'end'])
}

/** Reads the notes; undefined when they have no end, because what makes them was killed. */
export function readTrace(text: string): Trace | undefined {
  const [points, open] = [new Map<string, string>(), new Set<string>()]
  const [left, found, unseen]: [string[], string[], string[]] = [[], [], []]
  const notes = text.split('\0').slice(0, -1)
  if (notes.at(-1) !== 'end') return undefined
  for (const note of notes) {
    const [, word, rest] = /^(\S+) (.*)$/s.exec(note) ?? []
    const [, number, path] = /^up\/(\d+)(\/.*)$/s.exec(note) ?? []
    const at = points.get(number ?? '')
    if (at !== undefined) found.push(`${at === '/' ? '' : at}${path}`)
    else if (word === 'at') points.set(rest!.split(' ')[0]!, rest!.slice(rest!.indexOf(' ') + 1))
    else if (word === 'open') open.add(rest!)
    else if (word === 'left') left.push(rest!)
    else if (word === 'unseen') unseen.push(rest!)
  }
  const wrote = points.size === 0 ? null : leaves(found.filter((path) => !open.has(path)))
  return { left, wrote, unseen }
}

// A new file brings the folders above it into the layer.
function leaves(paths: readonly string[]): string[] {
  const above = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))))
  return paths.filter((path) => !above.has(path)).sort()
}
