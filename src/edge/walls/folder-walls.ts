import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { execa } from 'execa'
import type { Launch } from '../../core/dyno.ts'
import { LIVE_MARK, type Walled } from '../../core/walls.ts'
import { copySlug, refused } from './copy-slug.ts'
import { startArgv } from './start-in-folder.ts'

/** Starts a dyno in a copy of the slug below `copies`, where there are no namespaces. */
export async function encloseInFolder(copies: string, tree: string, launch: Launch): Promise<Walled> {
  const name = launch.environment['DYNO']!
  const home = `${copies}/${name}/app`
  await copyTo(tree, `${copies}/${name}`)
  return {
    argv: startArgv(launch.line),
    environment: { ...launch.environment, HOME: home },
    cwd: home,
    ours: 0,
    mark: `HOME=${home}`,
    user: process.geteuid?.() ?? 0,
    ...(launch.watched === undefined ? {} : { notes: `${launch.watched}/${name}` }),
  }
}

/** Starts a dyno on the app folder itself; below `copies` there is only a folder that stands for it. */
export function encloseLive(copies: string, folder: string, launch: Launch): Walled {
  const stand = `${copies}/${launch.environment['DYNO']}`
  mkdirSync(stand, { recursive: true, mode: 0o700 })
  return {
    argv: startArgv(launch.line),
    environment: { ...launch.environment, HOME: folder, [LIVE_MARK]: `${stand}/app` },
    cwd: folder,
    ours: 0,
    mark: `${LIVE_MARK}=${stand}/app`,
    user: process.geteuid?.() ?? 0,
  }
}

/** Removes the dyno's copy; a folder that its owner closed to himself is opened first. */
export async function discardFolder(copies: string, name: string): Promise<void> {
  const folder = `${copies}/${name}`
  try {
    await rm(folder, { recursive: true, force: true })
  } catch {
    await execa('chmod', ['-R', 'u+rwX', folder], { reject: false })
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyTo(tree: string, folder: string): Promise<void> {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
    mkdirSync(folder, { mode: 0o700 }) // what an earlier life left there, and could not be removed, is no fresh filesystem
  } catch (error) {
    throw refused(folder, (error as Error).message)
  }
  try {
    await copySlug(tree, `${folder}/app`)
  } catch (error) {
    await discardFolder(dirname(folder), basename(folder))
    throw error
  }
}
