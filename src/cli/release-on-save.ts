import { resolve } from 'node:path'
import { configFileNames } from '../core/config-files.ts'
import { Problem } from '../core/problem.ts'
import { type ScannedEntry, scanApp } from '../edge/slugs/scan-app.ts'
import { order } from './dial.ts'
import type { Place } from './place.ts'
import { complain } from './print.ts'
import { prepareStack, readProcfile, type StackOptions } from './stack.ts'

/**
 * Makes a release of every save in the app folder, without its release command, until the answer is called. What cannot
 * be released (a Procfile that does not parse) is told, and the release before it goes on.
 */
export async function releaseOnSave(place: Place, options: StackOptions): Promise<() => Promise<void>> {
  const { watchApp } = await import('../edge/watch-app.ts') // chokidar takes 20 ms
  const named = options.configFiles === undefined ? [] : configFileNames(options.configFiles)
  const files = [...named, ...(options.procfile === undefined ? [] : [options.procfile])].map((file) =>
    resolve(file),
  )
  const root = place.app.root
  let released = { entries: scanApp(root).entries, slug: '' }
  let isBusy = false
  let isWanted = false
  const release = async (): Promise<void> => {
    if (!options.procfile && !readProcfile(`${root}/Procfile`, 'Procfile')) {
      throw new Problem('procfile', 'The Procfile is gone; what runs goes on until there is one again.')
    }
    const scan = scanApp(root)
    const { entries } = scan
    const stack = await prepareStack(place, { ...options, scan, isQuiet: true })
    const sameFiles = onlyProcfileDiffers(released.entries, entries)
    const how = { without_command: true, ...(sameFiles ? { same_files_as: released.slug } : {}) }
    await order(place, { method: 'POST', path: `/apps/${place.app.name}/releases`, body: { stack, ...how } })
    released = { entries, slug: stack.slug }
  }
  // One after the other; saves meanwhile make one more.
  const changed = async (): Promise<void> => {
    isWanted = true
    if (isBusy) return
    isBusy = true
    while (isWanted) {
      isWanted = false
      await release().catch((problem: Problem) => complain(problem.message))
    }
    isBusy = false
  }
  const stop = await watchApp(root, files, { changed: () => void changed(), failed: complain })
  void changed() // what was saved while the formation began, and what its slug is
  return stop
}

// Then what dynos of a type run has changed only if their line has. How often a file was touched does not count.
function onlyProcfileDiffers(before: readonly ScannedEntry[], after: readonly ScannedEntry[]): boolean {
  const marks = (entries: readonly ScannedEntry[]) =>
    entries
      .filter(({ path }) => path !== 'Procfile')
      .map(({ path, kind, mode, size, mtimeMs, target }) =>
        [path, mode, target, kind === 'file' ? `${size} ${mtimeMs}` : ''].join('\0'),
      )
      .join('\n')
  return marks(before) === marks(after)
}
