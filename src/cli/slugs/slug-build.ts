import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'
import { scanApp } from '../../edge/slugs/scan-app.ts'
import { type BuiltApp, buildApp } from '../build-app.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { findPlace } from '../place.ts'
import { complain } from '../print.ts'
import { procfileTypes } from '../stack.ts'
import { openProgress } from './progress.ts'

/** How large a slug may be, compressed, in bytes: https://devcenter.heroku.com/articles/slug-compiler#slug-size */
const MOST = 500 * 1024 * 1024

export const command: Command = {
  usage: 'dyno slug:build [DIR] [-o FILE] [--build]',
  summary: 'Packs an app into a slug as Heroku has them: the same files make the same bytes.',
  flags: [
    APP_FLAG,
    {
      name: 'build',
      help: 'first run bin/compile, or heroku-postbuild of package.json, within walls of its own',
    },
    { name: 'output', short: 'o', value: 'FILE', help: 'the slug (default: APP.tgz in the current folder)' },
  ],
  words: [['folders']],
  examples: ['dyno slug:build', 'dyno slug:build --build', 'dyno slug:build apps/shop -o /tmp/shop.tgz'],
  async run({ flags, words: [folder] }) {
    const place = findPlace(folder ?? flags.get('app'), { anywhere: folder !== undefined })
    const { app } = place
    const file = realFile(flags.get('output') ?? `${app.name}.tgz`)
    const types = [...(procfileTypes(`${app.root}/Procfile`, { name: 'Procfile' })?.keys() ?? [])]
    say('-----> Discovering process types')
    say(
      types.length > 0
        ? `       Procfile declares types -> ${types.sort().join(', ')}`
        : '       There is no Procfile',
    )
    const built = flags.has('build') ? await buildApp(place, say) : undefined
    say('-----> Compressing...')
    const { sha256, bytes, entries } = await pack(app.root, file, built).finally(() => built?.discard())
    say(`       Done: ${slugSize(bytes)} of 500M, ${entries} entries`)
    say(`       ${file}`)
    say(`       SHA256:${sha256}`)
    if (isInside(file, app.root)) {
      complain(
        `${basename(file)} lies in the app folder and would be part of its next slug; move it, or name it in .slugignore.`,
      )
    }
    return 0
  },
}

type Packed = { readonly sha256: string; readonly bytes: number; readonly entries: number }

// The slug itself, where it lies in the app folder, is never part of it.
async function pack(root: string, file: string, built: BuiltApp | undefined): Promise<Packed> {
  const { packSlug } = await import('../../edge/slugs/pack-slug.ts')
  const scan = built ? scanApp(built.folder, { whole: true }) : scanApp(root)
  const before = lstatSync(file, { throwIfNoEntry: false })
  if (before && !before.isFile()) throw new Problem('slug', `${file} is no file; name another one with -o.`)
  const entries = scan.entries.filter(({ path }) => `${root}/${path}` !== file)
  const progress = openProgress()
  try {
    const packed = await packSlug({
      scan: { ...scan, entries },
      ...{ file, format: 'gzip', mode: 0o666 },
      judge(bytes) {
        if (bytes > MOST) throw tooLarge(bytes)
      },
      progress: (done, total) => progress.report('packing', done, total),
    })
    return { ...packed, entries: entries.length }
  } finally {
    await progress.end()
  }
}

// By the way that leads there without links, as the app folder is named.
function realFile(name: string): string {
  const file = resolve(name)
  try {
    return `${realpathSync(dirname(file))}/${basename(file)}`
  } catch {
    throw new Problem('slug', `There is no folder ${dirname(file)}; make it, or name another file with -o.`)
  }
}

function isInside(file: string, root: string): boolean {
  return scanApp(root).entries.some(({ path }) => `${root}/${path}` === file)
}

function tooLarge(bytes: number): Problem {
  const sentence = `Compiled slug size: ${slugSize(bytes)} is too large (max is 500M)`
  return new Problem('slug', `${sentence}; leave out what the app does not need by .slugignore.`)
}

// As Heroku writes it.
function slugSize(bytes: number): string {
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)}K` : `${(bytes / 1024 ** 2).toFixed(1)}M`
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
