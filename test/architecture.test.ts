import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import test from 'node:test'
import {
  eagerImports,
  impurities,
  packagesOf,
  packagesWithTwoDoors,
  roomOf,
  type Source,
  wrongImports,
  wrongReadme,
  wrongShape,
} from './house-rules.ts'

const ROOT = dirname(import.meta.dirname)

const read = (path: string): Source => ({ path, text: readFileSync(`${ROOT}/${path}`, 'utf8') })
const find = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] })
    .sort()
    .map(read)
const SRC = find('src/**/*.ts{,x}')
const TEST = find('test/**/*.ts')
const BENCH = find('bench/**/*.ts')
const BUILD = find('bin/*.mjs')

function readmeOf(room: string): string[] {
  if (!existsSync(`${ROOT}/${room}/README.md`)) return [`${room} has no README.md`]
  const entries = readdirSync(`${ROOT}/${room}`, { withFileTypes: true })
  const beside = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  return wrongReadme(
    read(`${room}/README.md`),
    beside.filter((name) => name !== 'README.md'),
  )
}

test('imports point down: cli → tui, manifold, edge → core, and no edge imports another', () => {
  assert.ok(SRC.length > 50)
  assert.deepEqual(SRC.flatMap(wrongImports), [])
})

test('core is pure', () => {
  const core = SRC.filter(({ path }) => roomOf(path) === 'core')
  assert.deepEqual(core.flatMap(impurities), [])
})

test('every package has one door', () => assert.deepEqual(packagesWithTwoDoors(SRC), []))

test('no file is longer than 250 lines, exports a default or has a name that says nothing', () => {
  assert.deepEqual([...SRC, ...TEST, ...BENCH].flatMap(wrongShape), [])
})

test('every room has a README that names its files, all of them and no others', () => {
  const rooms = new Set(SRC.map(({ path }) => dirname(path)))
  assert.deepEqual([...rooms].flatMap(readmeOf), [])
})

test('the way in imports nothing before it knows what is wanted', () => {
  const main = SRC.find(({ path }) => path === 'src/cli/main.ts')!
  assert.deepEqual(eagerImports(main), [])
})

type Manifest = Readonly<
  Record<'scripts' | 'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>
>
const MANIFEST = JSON.parse(read('package.json').text) as Manifest

test('every package that is imported is declared, and every declared one is used', () => {
  const inSrc = new Set(packagesOf(SRC))
  const { dependencies, devDependencies, scripts } = MANIFEST
  // A package that is installed needs what dist/ imports; what dist/ holds was needed when it was built.
  assert.deepEqual(
    Object.keys(dependencies).filter((name) => !inSrc.has(name)),
    [],
  )
  const elsewhere = packagesOf([...SRC, ...TEST, ...BENCH, ...BUILD])
  const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)]
  assert.deepEqual(
    elsewhere.filter((name) => !declared.includes(name)),
    [],
  )
  const words = Object.values(scripts).flatMap((script) => script.split(' '))
  const types = (JSON.parse(read('tsconfig.json').text) as { compilerOptions: { types: string[] } })
    .compilerOptions.types
  const used = (name: string) =>
    elsewhere.includes(name) ||
    programsOf(name).some((program) => words.includes(program)) ||
    [...types, ...inSrc].some((each) => name === `@types/${each}`)
  assert.deepEqual(
    Object.keys(devDependencies).filter((name) => !used(name)),
    [],
  )
})

function programsOf(name: string): string[] {
  const { bin } = JSON.parse(read(`node_modules/${name}/package.json`).text) as {
    bin?: string | Record<string, string>
  }
  return typeof bin === 'string' ? [basename(name)] : Object.keys(bin ?? {})
}

test('versions are exact, and the lock files name no registry', () => {
  const { dependencies, optionalDependencies, devDependencies } = MANIFEST
  const suite = JSON.parse(read('test/official-cli/package.json').text) as Manifest
  const versions = Object.entries({
    ...{ ...dependencies, ...optionalDependencies, ...devDependencies },
    ...suite.dependencies,
  })
  assert.deepEqual(
    versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
    [],
  )
  for (const folder of ['', 'test/official-cli/']) {
    assert.doesNotMatch(read(`${folder}package-lock.json`).text, /"resolved":/)
  }
})
