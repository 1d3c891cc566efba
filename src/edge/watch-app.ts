import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'
import { parseSlugignore } from '../core/slug/slugignore.ts'

/** What is told of an app folder that is watched. */
export type AppWatcher = {
  /**
   * Something has changed and nothing has since for a while: these files of the app were saved in place, by their paths
   * in it, or null where there was more.
   */
  changed(saved: readonly string[] | null): void
  /** It cannot be watched, or not all of it. */
  failed(why: string): void
}

/** How long nothing may happen before it counts as over, and how long that is waited for at most, in milliseconds. */
const QUIET = 60
const LONGEST = 10_000

/** While git has this it is at work on the files of a checkout. */
const GIT_AT_WORK = '.git/index.lock'

/**
 * Watches an app folder but for what is never part of its slug, and files besides; resolves when that has begun, with
 * how it ends. Saves that come together, an editor's renaming and a checkout of git are told once, when they are over.
 */
export async function watchApp(
  folder: string,
  files: readonly string[],
  { changed, failed }: AppWatcher,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let saved: Set<string> | null = new Set()
  let isOver = false
  const tell = (): void => {
    const isLong = Date.now() - since > LONGEST
    if (!isLong && existsSync(`${folder}/${GIT_AT_WORK}`)) {
      timer = setTimeout(tell, QUIET)
      return
    }
    timer = undefined
    const paths = saved && [...saved]
    saved = new Set()
    changed(paths)
  }
  const happened = (event: string, path: string): void => {
    if (isOver) return
    const isSave = event === 'change' && path.startsWith(`${folder}/`) && path !== `${folder}/.slugignore`
    if (isSave) saved?.add(path.slice(folder.length + 1))
    else saved = null
    if (path === `${folder}/.slugignore`) reopen()
    const isFirst = timer === undefined
    if (isFirst) since = Date.now()
    else if (Date.now() - since > LONGEST) return // whoever never comes to rest is looked at all the same
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET)
  }
  const open = (): Promise<FSWatcher> => opened(folder, files, { happened, failed })
  // One after the other: an editor that renames removes .slugignore and adds it.
  let watcher = open()
  let isStale = false
  const reopen = (): void => {
    if (isStale) return
    isStale = true
    watcher = watcher.then(async (before) => {
      isStale = false
      try {
        const after = await open()
        await before.close()
        return after
      } catch (error) {
        failed(explained(error as NodeJS.ErrnoException))
        return before
      }
    })
  }
  await watcher
  return async () => {
    isOver = true
    clearTimeout(timer)
    const last = await watcher
    await last.close()
  }
}

async function opened(
  folder: string,
  files: readonly string[],
  { happened, failed }: { happened(event: string, path: string): void; failed(why: string): void },
): Promise<FSWatcher> {
  const ignored = parseSlugignore(slugignore(folder))
  const watcher = watch([folder, ...files], {
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false, // it would tell of a removal 100 ms later; what comes together is put together here
    ignored(path, stats) {
      if (!path.startsWith(`${folder}/`)) return false
      return (
        basename(path) === '.git' || ignored(path.slice(folder.length + 1), stats?.isDirectory() ?? false)
      )
    },
  })
  watcher.on('all', happened)
  watcher.on('error', (error) => failed(explained(error as NodeJS.ErrnoException)))
  return new Promise((resolve) => watcher.once('ready', () => resolve(watcher)))
}

function slugignore(folder: string): string {
  try {
    return readFileSync(`${folder}/.slugignore`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return '' // there is none, or it was just removed; or a file is watched
    throw error
  }
}

function explained({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC' || code === 'EMFILE')
    return 'The system watches no more files for us (fs.inotify); name large folders in .slugignore.'
  return `The app folder cannot be watched (${code ?? message}); start again when it can be read.`
}
