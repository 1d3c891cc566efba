import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname } from 'node:path'
import { type App, appAt } from '../core/app.ts'
import { type Folders, foldersFor, MAX_SOCKET_PATH } from '../core/folders.ts'
import { Problem } from '../core/problem.ts'
import { appFolder, findApp } from '../edge/find-app.ts'

/** Where an app's manifold and its things are. */
export type Place = {
  readonly app: App
  readonly folders: Folders
  readonly socket: string
  /** The running manifold's own folder. */
  readonly run: string
  /** Copies of the slug, where walls are folders: in it one folder for each manifold. */
  readonly copies: string
  /** The app's log and counters. */
  readonly state: string
}

/** The app's path in the manifold's API. */
export function appPath({ app }: Place): string {
  return `/apps/${app.name}`
}

/** Where the certificate of this machine is kept, for all apps; in it `ca.pem`, which people tell their programs to trust. */
export function tlsFolder({ folders }: Place): string {
  return `${folders.state}/tls`
}

/** The place of the app that `--app`, or the nearest Procfile, names; with a slug any folder is an app. */
export function findPlace(folder: string | undefined, options: { readonly anywhere: boolean }): Place {
  const root = folder === undefined ? findApp(currentFolder()) : appFolder(folder)
  const here = root ?? (options.anywhere ? appFolder('.') : undefined)
  if (here !== undefined) return placeOf(here)
  throw new Problem('app', 'No Procfile here or above; go to the app, or name it with --app DIR.')
}

/** What stands before an app's folder in the name of the manifold that checks it; no path begins like that. */
const CHECK = 'check:'

/** Where the app is checked, out of the way of a manifold that runs it; what is kept there is gone with the checks. */
export function checkPlace({ app }: Place): Place {
  return placeOf(CHECK + app.root)
}

/** The place of the app in this folder, a real path; or of its check. */
export function placeOf(root: string): Place {
  const { homedir, uid, username } = userInfo()
  const named = foldersFor(process.env, { home: homedir || `/home/${username}`, uid, temporary: tmpdir() })
  const folders = { ...named, runtime: unlinked(named.runtime), cache: realPath(named.cache) }
  const app = appAt(root)
  const run = `${folders.runtime}/${app.key}`
  // By the way it was named: a link may be there because it is the shorter one.
  const socket = `${named.runtime}/${app.key}.sock`
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH) {
    const sentence = `The path ${socket} is too long for a socket; set XDG_RUNTIME_DIR to a shorter folder.`
    throw new Problem('manifold', sentence)
  }
  const copies = `${folders.cache}/copies/${app.key}`
  const state = root.startsWith(CHECK) ? `${copies}/state` : `${folders.state}/${app.name}-${app.key}`
  return { app, folders, socket, run, copies, state }
}

// Walls are mounted where a path really leads, and where a process works is told by that way alone. A last part that is
// a link in place of the folder that we make stays one, to be refused.
function unlinked(path: string): string {
  return `${realPath(dirname(path))}/${basename(path)}`
}

/** The real path of what is there, or will be. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path === '/' ? path : unlinked(path).replace('//', '/')
  }
}

/** Makes the folders a manifold needs, private where they must be; throws a Problem that names the one it cannot. */
export function makeFolders(place: Place): void {
  const { runtime, cache } = place.folders
  // What is found in a manifold's own folders was left by one that was killed: it makes these itself.
  const kept = place.state.startsWith(`${place.copies}/`) ? [] : [place.state]
  for (const folder of [runtime, cache, ...kept]) {
    try {
      makeFolder(folder)
    } catch (error) {
      const { message } = error as Error
      throw new Problem(
        'manifold',
        `The folder ${folder} cannot be made (${message}); make it, or set XDG_RUNTIME_DIR, XDG_CACHE_HOME and XDG_STATE_HOME.`,
      )
    }
  }
  const found = lstatSync(runtime)
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new Problem(
      'manifold',
      `${runtime} belongs to somebody else; set XDG_RUNTIME_DIR to a folder of yours.`,
    )
  }
  if ((found.mode & 0o077) !== 0) chmodSync(runtime, 0o700)
}

// Where the system makes no folder though there is one to make it in (/proc), Node's own recursion goes on for ever.
function makeFolder(path: string): void {
  const above = dirname(path)
  if (!existsSync(above)) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** Where we were started; throws a Problem when that is gone. */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    throw new Problem('app', 'The current folder is not there any more; go to another one.')
  }
}
