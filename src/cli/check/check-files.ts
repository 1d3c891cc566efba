import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { AppFacts } from '../../core/check/app-facts.ts'
import { checkText, type TextFile } from '../../core/check/check-text.ts'
import { fileKind } from '../../core/check/file-kind.ts'
import { type Finding, findingOf } from '../../core/check/finding.ts'
import { LARGEST_FILE } from '../../core/check/text-file.ts'
import { Problem } from '../../core/problem.ts'
import { parseProcfile } from '../../core/procfile/procfile.ts'
import { parseSlugignore } from '../../core/slug/slugignore.ts'
import { findApp } from '../../edge/find-app.ts'
import { decoded, readSource, type SourceText } from '../../edge/read-source.ts'

/** A file that is to be checked: as part of its app, or alone. */
export type CheckTarget = { readonly path: string; readonly name: string; readonly app?: string }

/** What was read, what was found in it, and the names of all that was looked at. */
export type Checked = {
  readonly texts: readonly (TextFile & { readonly path: string })[]
  readonly findings: readonly Finding[]
  readonly names: readonly string[]
}

/** The standard input, as a name. */
const STDIN = '-'

/** The files that were named, or those of the apps whose folders were; without a word, of the nearest app. */
export function checkTargets(words: readonly string[], folder: string | undefined): CheckTarget[] {
  if (words.length > 0)
    return words.flatMap((word) => (isFolder(word) ? appTargets(word) : [{ path: word, name: word }]))
  const root = folder ?? findApp(process.cwd())
  if (root !== undefined) return appTargets(relative(process.cwd(), root) || '.')
  throw new Problem(
    'app',
    'No Procfile here or above; go to the app, or name its folder or a file: dyno check DIR.',
  )
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false
}

// What cannot be looked at (a link to itself, a folder that is closed to us) is told when it is read.
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    throw new Problem(
      'app',
      `The folder ${folder} cannot be read (${(error as NodeJS.ErrnoException).code}); give yourself permission to.`,
    )
  }
}

const BESIDE = ['.env', '.slugignore', '.profile', 'app.json']

function appTargets(folder: string): CheckTarget[] {
  const names = entriesOf(folder)
  if (!names.includes('Procfile')) {
    const near = names.find((name) => /^procfile(?:\.txt)?$/i.test(name))
    const advice = near ? `rename ${near} to Procfile, as Heroku wants it` : 'write one: web: node server.js'
    throw new Problem('app', `There is no Procfile in ${folder}; ${advice}.`)
  }
  const profiles =
    names.includes('.profile.d') && isFolder(`${folder}/.profile.d`) ? entriesOf(`${folder}/.profile.d`) : []
  const files = [
    'Procfile',
    ...BESIDE.filter((name) => names.includes(name)),
    ...profiles.map((name) => `.profile.d/${name}`),
  ]
  return files.map((file) => {
    const path = folder === '.' ? file : `${folder.replace(/\/+$/, '')}/${file}`
    return { path, name: path, app: folder }
  })
}

/** Reads and checks files; one that cannot be read is a finding, and the others are checked all the same. */
export function checkFiles(targets: readonly CheckTarget[]): Checked {
  const texts: Checked['texts'][number][] = []
  const findings: Finding[] = []
  const apps = new Map<string, AppFacts>()
  for (const { path, name, app } of targets) {
    const read = path === STDIN ? stdin() : readSource(path, LARGEST_FILE)
    if (read.is !== 'text') {
      findings.push(unreadable(name, read))
      continue
    }
    const file = { path, name: path === STDIN ? 'Procfile' : name, kind: fileKind(name), text: read.text }
    texts.push(file)
    const facts = app === undefined ? undefined : (apps.get(app) ?? appFacts(app))
    if (app !== undefined && facts) apps.set(app, facts)
    const around = facts ? { app: facts, ...(file.kind === 'app-json' ? typesIn(facts) : {}) } : {}
    const found = checkText(file, { ...around, outer: (wanted) => process.env[wanted] })
    for (const finding of found) findings.push(finding)
  }
  return { texts, findings, names: targets.map(({ name }) => name) }
}

function unreadable(name: string, read: Exclude<SourceText, { is: 'text' }>): Finding {
  const place = read.is === 'refused' ? { line: read.line, column: read.column } : { line: 1, column: 1 }
  const message = read.is === 'refused' ? read.why : 'There is no such file. Name one that is there.'
  return findingOf(name, { rule: 'unreadable', ...place, message }, '')
}

function stdin(): SourceText {
  const bytes = readFileSync(0)
  if (bytes.length <= LARGEST_FILE) return decoded(bytes)
  const why = `There is more than ${LARGEST_FILE >> 20} MiB on standard input. Name a file.`
  return { is: 'refused', why, line: 1, column: 1 }
}

function typesIn(app: AppFacts): { types?: ReadonlySet<string> } {
  const { types, errors } = parseProcfile(app.textOf('Procfile') ?? '')
  return errors.length > 0 ? {} : { types: new Set(types.keys()) }
}

function appFacts(folder: string): AppFacts {
  const textOf = (path: string) => {
    const read = readSource(resolve(folder, path), LARGEST_FILE)
    return read.is === 'text' ? read.text : undefined
  }
  const ignored = parseSlugignore(textOf('.slugignore') ?? '')
  return {
    kindOf(path) {
      const found = statOf(resolve(folder, path))
      if (!found) return 'missing'
      if (found.isDirectory()) return 'folder'
      return (found.mode & 0o111) !== 0 ? 'program' : 'file'
    },
    isLeftOut(path) {
      const parts = path.split('/')
      return parts.some((_, i) => ignored(parts.slice(0, i + 1).join('/'), i + 1 < parts.length))
    },
    textOf,
  }
}
