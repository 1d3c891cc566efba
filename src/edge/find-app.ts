import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Problem } from '../core/problem.ts'

/** The real path of the folder a person named; throws a Problem when it is none. */
export function appFolder(folder: string): string {
  try {
    const path = realpathSync(resolve(folder))
    if (statSync(path).isDirectory()) return path
  } catch {
    // the sentence below says it
  }
  throw new Problem('app', `There is no folder ${folder}; name the app's folder with --app.`)
}

/** The nearest folder from here upwards that has a Procfile, or undefined. */
export function findApp(from: string): string | undefined {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    if (existsSync(`${folder}/Procfile`)) return folder
    if (folder === dirname(folder)) return undefined
  }
}
