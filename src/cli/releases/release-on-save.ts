import { resolve } from 'node:path'
import { configFileNames } from '../../core/config/config-files.ts'
import { asProblem, Problem } from '../../core/problem.ts'
import { type AppScan, looksSame, type ScannedEntry, scanAgain, scanApp } from '../../edge/slugs/scan-app.ts'
import { order } from '../dial.ts'
import { appPath, type Place } from '../place.ts'
import { complain } from '../print.ts'
import { prepareStack, procfileTypes, type StackOptions } from '../stack.ts'

/**
 * Makes a release of every save in the app folder, without its release command, until the answer is called. What cannot
 * be released (a Procfile that does not parse) is told, and the release before it goes on.
 */
export async function releaseOnSave(place: Place, options: StackOptions): Promise<() => Promise<void>> {
  await takeWatch(place)
  const { watchApp } = await import('../../edge/watch-app.ts') // chokidar takes 20 ms
  const named = options.configFiles === undefined ? [] : configFileNames(options.configFiles)
  const files = [...named, ...(options.procfile === undefined ? [] : [options.procfile])].map((file) =>
    resolve(file),
  )
  const root = place.app.root
  let released: { readonly scan: AppScan; readonly slug: string } | undefined
  const release = async (scan: AppScan): Promise<void> => {
    if (!options.procfile && !procfileTypes(`${root}/Procfile`, { name: 'Procfile', isQuiet: true })) {
      throw new Problem('procfile', 'The Procfile is gone; what runs goes on until there is one again.')
    }
    const stack = await prepareStack(place, { ...options, scan, isQuiet: true })
    const like = released && onlyProcfileDiffers(released.scan.entries, scan.entries) ? released : undefined
    const how = { without_command: true, ...(like ? { same_files_as: like.slug } : {}) }
    await order(place, { method: 'POST', path: `${appPath(place)}/releases`, body: { stack, ...how } })
    released = { scan, slug: stack.slug }
  }
  // One after the other; saves meanwhile make one more.
  let isBusy = false
  let wanted: readonly string[] | null | undefined
  const changed = async (saved: readonly string[] | null): Promise<void> => {
    wanted = wanted === undefined ? saved : wanted && saved && [...wanted, ...saved]
    if (isBusy) return
    isBusy = true
    while (wanted !== undefined) {
      const paths: readonly string[] | null = wanted
      wanted = undefined
      await look(paths).catch((error) => complain(asProblem(error).message))
    }
    isBusy = false
  }
  // What was told alone is released at once; whether there was more is seen when that is done.
  const look = async (saved: readonly string[] | null): Promise<void> => {
    const again = saved && released && scanAgain(released.scan, saved)
    if (again) await release(again)
    const whole = scanApp(root)
    if (!again || whole.fingerprint !== again.fingerprint) await release(whole)
  }
  const stop = await watchApp(root, files, { changed: (saved) => void changed(saved), failed: complain })
  void changed(null) // what was saved while the formation began, and what its slug is
  return stop
}

/** Whether another process makes a release of every save: what has changed is on its way. */
export async function isWatched(place: Place): Promise<boolean> {
  return !(await takeWatch(place))
}

// Who watches has this lock until it ends, however it ends; where none can be had, nobody is known to watch.
async function takeWatch({ folders, app }: Place): Promise<boolean> {
  const { holdLock } = await import('../../edge/hold-lock.ts')
  try {
    return holdLock(folders.runtime, `w${app.key}`)
  } catch {
    return true
  }
}

// Then what dynos of a type run has changed only if their line has.
function onlyProcfileDiffers(before: readonly ScannedEntry[], after: readonly ScannedEntry[]): boolean {
  const [old, fresh] = [before, after].map((entries) => entries.filter(({ path }) => path !== 'Procfile'))
  return old!.length === fresh!.length && old!.every((entry, i) => looksSame(entry, fresh![i]!))
}
