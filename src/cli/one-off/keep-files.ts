import { rmSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { differenceText, slugDifference } from '../../core/slug/slug-list.ts'
import { temporaryName } from '../../edge/write-whole.ts'
import type { Flag, Typed } from '../command.ts'
import { currentFolder, type Place } from '../place.ts'

/** Flags of a one-off whose files are looked at when it is over. */
export const KEEP_FLAGS: readonly Flag[] = [
  { name: 'diff', help: 'say at the end what it created, changed and deleted' },
  { name: 'keep', value: 'DIR', help: 'leave its /app in this folder, which is empty or not there' },
]

/** The files of a one-off that outlive it. */
export type KeptFiles = {
  /** Lays the slug out in a folder that the dyno is to run on itself; answers with that. */
  layOut(slug: string): Promise<string>
  /** Says what has become of it, and keeps it or throws it away. */
  finish(): Promise<void>
}

/** What the flags ask for; undefined when a one-off's files may end with it, as they usually do. */
export function keptFiles(place: Place, flags: Typed['flags']): KeptFiles | undefined {
  const [tells, named] = [flags.has('diff'), flags.get('keep')]
  if (named !== undefined) {
    const from = isAbsolute(named) ? '/' : currentFolder()
    return filesIn(place, resolve(from, named), { tells, keeps: true })
  }
  return tells ? filesIn(place, temporaryFolder(place), { tells, keeps: false }) : undefined
}

/** A folder for files of a dyno that nobody has named; what is forgotten there is swept with the cache. */
export function temporaryFolder({ folders }: Place): string {
  return `${folders.cache}/trees/${temporaryName()}`
}

/** Files in this folder; whether the difference is told, and they stay. */
export function filesIn(
  { folders }: Place,
  named: string,
  { tells, keeps }: { readonly tells: boolean; readonly keeps: boolean },
): KeptFiles {
  const trees = `${folders.cache}/trees`
  let tree = ''
  let folder = named
  return {
    async layOut(slug) {
      tree = `${trees}/${slug}`
      const { layOut } = await import('../../edge/walls/keep-filesystem.ts')
      folder = await layOut(tree, named)
      return folder
    },
    async finish() {
      const { takeOver } = await import('../../edge/walls/keep-filesystem.ts')
      const { listFolder } = await import('../../edge/slugs/list-slug.ts')
      try {
        await takeOver(folder)
        if (!tells) return
        const [before, after] = [tree, folder].map((each) => listFolder(each, { whole: true }).entries)
        process.stderr.write(`${differenceText(slugDifference(before!, after!)).join('\n')}\n`)
      } finally {
        if (!keeps) rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
