import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { Problem } from '../core/problem.ts'
import { type KeptReleases, parseRecord, type ReleaseRecord, recordText } from '../core/release-record.ts'
import { whyUnwritten, writeWhole } from './write-whole.ts'

/** Where they are. */
export function releasesFolder(stateFolder: string): string {
  return `${stateFolder}/releases`
}

/** Reads the app's releases from its state folder: a file each, so that one that is broken takes no other with it. */
export function readReleases(stateFolder: string): KeptReleases {
  const folder = releasesFolder(stateFolder)
  const files = filesIn(folder)
  const names = files.filter((name) => /^v\d+\.json$/.test(name))
  const read = names.map((name) => [name, parseRecord(readFileSync(`${folder}/${name}`, 'utf8'))] as const)
  return {
    highest: Math.max(0, ...files.map((name) => Number(/^v(\d+)\.json(\.broken)?$/.exec(name)?.[1] ?? 0))),
    records: read.flatMap(([, record]) => record ?? []).sort((a, b) => a.version - b.version),
    broken: read.filter(([, record]) => !record).map(([name]) => `${folder}/${name}`),
  }
}

/** The release of this number alone; undefined where it is not kept, or not whole. */
export function readRelease(stateFolder: string, version: number): ReleaseRecord | undefined {
  try {
    return parseRecord(readFileSync(`${releasesFolder(stateFolder)}/v${version}.json`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Renames files that are no whole release, so that a person can look at them; answers with their new names. */
export function setAside(broken: readonly string[]): string[] {
  return broken.map((path) => {
    renameSync(path, `${path}.broken`)
    return `${path}.broken`
  })
}

/**
 * Keeps a release, whole or not at all, whatever ends us or the machine meanwhile; throws a Problem when there is no
 * room.
 */
export function keepRelease(stateFolder: string, record: ReleaseRecord): void {
  const folder = releasesFolder(stateFolder)
  const path = `${folder}/v${record.version}.json`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeWhole(path, recordText(record), { mode: 0o600, lasts: true })
    const opened = openSync(folder, 'r')
    fsyncSync(opened)
    closeSync(opened)
  } catch (error) {
    throw new Problem(
      'app',
      `The release cannot be kept in ${folder} (${whyUnwritten(error)}); make room there and try again.`,
    )
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // no release yet
  }
}
