import { accessSync, constants, statSync } from 'node:fs'

/** Where a program of this name is on a PATH; undefined when it is nowhere. Folders that are not absolute are passed over. */
export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => `${folder}/${name}`)
    .find(isExecutable)
}

/** Whether this is a file that we may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false // the question is just whether it is there
  }
}
