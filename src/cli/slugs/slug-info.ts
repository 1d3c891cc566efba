import { lstatSync } from 'node:fs'
import { describeNote } from '../../core/note.ts'
import { Problem } from '../../core/problem.ts'
import { parseProcfile } from '../../core/procfile/procfile.ts'
import { CURRENT, releaseMeant, slugGone } from '../../core/release-record.ts'
import { differenceText, sizeText, slugDifference } from '../../core/slug/slug-list.ts'
import { readReleases } from '../../edge/keep-releases.ts'
import { cacheAt, treeOf } from '../../edge/slugs/cache-folder.ts'
import type { SlugContents } from '../../edge/slugs/list-slug.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace, type Place } from '../place.ts'
import { sections, table, typeRows } from '../table.ts'

/** How many of the largest files are named. */
const LARGEST = 5

export const slugInfo: Command = {
  usage: 'dyno slug:info FILE',
  summary: 'Says what is in a slug, without unpacking it.',
  flags: [],
  words: [['files']],
  examples: ['dyno slug:info widgets.tgz'],
  async run({ words: [file] }) {
    if (file === undefined)
      throw new Problem('usage', 'Usage: dyno slug:info FILE. Example: dyno slug:info app.tgz')
    const { listSlug } = await import('../../edge/slugs/list-slug.ts')
    const { sha256, entries, procfile } = await listSlug(file)
    const files = entries.filter(({ kind }) => kind === 'file')
    const unpacked = files.reduce((sum, { size }) => sum + size, 0)
    const { types, errors } = parseProcfile(procfile ?? '')
    const facts = [
      ['Size:', `${sizeText(lstatSync(file).size)} packed, ${sizeText(unpacked)} unpacked`],
      ['Entries:', `${entries.length}, of which ${files.length} files`],
      ['SHA256:', sha256],
    ]
    const largest = [...files].sort((a, b) => b.size - a.size).slice(0, LARGEST)
    const declared = procfile === undefined ? ['There is no Procfile.'] : typeRows(types)
    const rows = largest.map(({ path, size }) => [sizeText(size), path])
    process.stdout.write(
      sections([
        [file, table(facts)],
        ['Process types', declared],
        ['Largest files', table(rows)],
      ]),
    )
    if (errors[0]) throw new Problem('procfile', describeNote('Procfile', errors[0]))
    return 0
  },
}

export const slugDiff: Command = {
  usage: 'dyno slug:diff A [B]',
  summary: 'Says how two slugs differ: files, releases (v3) or app folders. Exits with 1 when they do.',
  flags: [APP_FLAG],
  words: [
    ['releases', 'files'],
    ['releases', 'files'],
  ],
  examples: ['dyno slug:diff v3 v4', 'dyno slug:diff old.tgz new.tgz', 'dyno slug:diff v4'],
  async run({ flags, words: [one, other = '.'] }) {
    if (one === undefined)
      throw new Problem('usage', 'Usage: dyno slug:diff A [B]. Example: dyno slug:diff v3 v4')
    const place = findPlace(flags.get('app'), { anywhere: true })
    const [before, after] = [await contentsOf(place, one), await contentsOf(place, other)]
    const lines = differenceText(slugDifference(before.entries, after.entries))
    process.stdout.write(`${lines.join('\n')}\n`)
    return lines.length > 1 ? 1 : 0
  },
}

// `v3` and `current` are releases, unless there is something of that name.
async function contentsOf(place: Place, name: string): Promise<SlugContents> {
  const { listFolder, listSlug } = await import('../../edge/slugs/list-slug.ts')
  if (name === '.') return listFolder(place.app.root)
  const there = lstatSync(name, { throwIfNoEntry: false })
  if (there?.isDirectory()) return listFolder(name)
  if (there || !(name === CURRENT || /^v?\d+$/.test(name))) return listSlug(name)
  const record = releaseMeant(readReleases(place.state).records, name)
  if (record.slug === null) throw new Problem('invalid', `v${record.version} has no slug.`)
  const kept = treeOf(cacheAt(place.folders.cache), record.slug)
  if (kept) return listFolder(kept.tree, { whole: true })
  throw slugGone(record)
}
