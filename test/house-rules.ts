import { dirname, join, normalize } from 'node:path'

// The rules of the house as functions of its files: what each answers is a list of faults, empty when all is well.

const MAX_LINES = 250
const MAX_README_LINES = 25

/** A file by its path from the root. */
export type Source = { readonly path: string; readonly text: string }

/** Everything a file imports, also on demand and as a type only. */
function imports({ text }: Source): string[] {
  const found = [
    ...text.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
  ]
  return found.map((match) => match[1]!)
}

/** `src/edge/walls/probe-walls.ts` is of the room `edge`. */
export const roomOf = (path: string): string => path.split('/')[1]!

/** The one edge that others may import. */
const BASE = 'src/edge/write-whole.ts'

/** A file directly in src/edge is an edge, and so is a whole folder there. Elsewhere each file is its own. */
const doorOf = (path: string): string =>
  roomOf(path) === 'edge' ? path.split('/').slice(0, 3).join('/') : path

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['cli', 'tui', 'manifold', 'edge', 'core'],
  tui: ['tui', 'core'],
  manifold: ['manifold', 'core'],
  edge: ['edge', 'core'],
  core: ['core'],
}

/** Imports that point up or sideways, in or out of the house. */
export function wrongImports(source: Source): string[] {
  return imports(source).flatMap((name) => {
    const said = `${source.path} imports ${name}`
    if (!name.startsWith('.')) return roomOf(source.path) === 'core' ? [said] : []
    const target = normalize(join(dirname(source.path), name))
    if (target === 'package.json' && roomOf(source.path) === 'cli') return [] // for the version
    const mayImport = MAY_IMPORT[roomOf(source.path)]?.includes(roomOf(target)) && target.startsWith('src/')
    const isOwnEdge = roomOf(target) !== 'edge' || target === BASE || doorOf(target) === doorOf(source.path)
    return mayImport && (roomOf(source.path) !== 'edge' || isOwnEdge) ? [] : [said]
  })
}

const IMPURE: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\basync\b|\bawait\b|\bPromise\b/, 'waits'],
  [/\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(|\bperformance\./, 'reads the clock'],
  [/\bMath\.random\b|\bcrypto\./, 'throws dice'],
  [/\bprocess\.\w|\bconsole\.|\bglobalThis\b/, 'touches the process'],
  [/\bset(?:Timeout|Interval|Immediate)\b/, 'sets a timer'],
]

/** What a file of core does that a noun cannot. */
export function impurities({ path, text }: Source): string[] {
  const code = withoutComments(text)
  return IMPURE.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${path} ${what}`)
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

/** `tar/list` and `@scope/name/x` without what is within the package; undefined for our own files and Node's. */
function packageOf(name: string): string | undefined {
  if (name.startsWith('.') || name.startsWith('node:')) return undefined
  const parts = name.split('/')
  return parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
}

/** The packages that these files import, one for each import. */
export const packagesOf = (sources: readonly Source[]) => {
  return sources.flatMap((source) => imports(source).map(packageOf)).filter((name) => name !== undefined)
}

/** Packages that two edges, or two files elsewhere, import. */
export function packagesWithTwoDoors(sources: readonly Source[]): string[] {
  const doors = new Map<string, Set<string>>()
  for (const source of sources) {
    for (const name of packagesOf([source])) {
      doors.set(name, (doors.get(name) ?? new Set()).add(doorOf(source.path)))
    }
  }
  return [...doors]
    .filter(([, found]) => found.size > 1)
    .map(([name, found]) => `${name}: ${[...found].join(', ')}`)
}

/** A file that is too long, has a default export, or a name that says nothing. */
export function wrongShape({ path, text }: Source): string[] {
  const lines = text.split('\n').length - 1
  return [
    ...(lines > MAX_LINES ? [`${path} has ${lines} lines`] : []),
    ...(/^export default\b|^export \{[^}]*\bas default\b/m.test(text)
      ? [`${path} has a default export`]
      : []),
    ...(/\/(?:utils?|helpers?|common|misc|types|index)(?:\.tsx?|\/)/.test(path)
      ? [`${path} says nothing`]
      : []),
  ]
}

/** What a README of a room says wrongly of the files (`name.ts`) and folders (`name/`) beside it. */
export function wrongReadme({ path, text }: Source, beside: readonly string[]): string[] {
  const named = new Set([...text.matchAll(/`([\w.-]+(?:\.tsx?|\/))`/g)].map((match) => match[1]!))
  const lines = text.trimEnd().split('\n').length
  return [
    ...(lines > MAX_README_LINES ? [`${path} has ${lines} lines`] : []),
    ...[...named]
      .filter((name) => !beside.includes(name))
      .map((name) => `${path} names ${name}, which is not there`),
    ...beside.filter((name) => !named.has(name)).map((name) => `${path} does not name ${name}`),
  ]
}

/** Imports that are made whatever is wanted; a type costs nothing. */
export function eagerImports({ text }: Source): string[] {
  return [...text.matchAll(/^(?:import(?! type\b)(?!\()|export\b.*\bfrom\b).*$/gm)].map((match) => match[0])
}
