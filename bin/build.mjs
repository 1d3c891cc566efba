import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { askForBuiltins, BUNDLE } from './bundle.mjs'
import { besides, nothingDrawn } from './bundle-plugins.mjs'

// Makes dist/, which is what bin/dyno runs. What package.json calls a dependency stays outside and is installed beside
// it; every other package that is imported becomes part of dist/.
const dependencies = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)
rmSync('dist', { recursive: true, force: true })
const DIST = {
  ...BUNDLE,
  outdir: 'dist',
  splitting: true,
  external: [...dependencies, 'react-devtools-core', 'node-rsa'],
}
// Each process is built apart: what two would share would be in more and smaller pieces, and each piece costs a
// millisecond. Completion is a client like any command, and of their pieces.
const CLIENT = {
  perform: 'src/cli/perform.ts',
  complete: 'src/cli/completion/complete.ts',
  'lend-node': 'src/cli/demo/lend-node.ts',
}
const MANIFOLD = { manifold: 'src/cli/manifold/manifold.ts' }
const WAY_IN = {
  ...DIST,
  entryPoints: { cli: 'src/cli/main.ts' },
  plugins: [besides({ ...CLIENT, ...MANIFOLD })],
}
await build(WAY_IN)
await build({ ...DIST, entryPoints: CLIENT })
await build({ ...DIST, entryPoints: MANIFOLD, chunkNames: 'manifold-[name]-[hash]' })
await build({
  ...DIST,
  entryPoints: { index: 'src/cli/library/library.ts' },
  chunkNames: 'index-[name]-[hash]',
  plugins: [nothingDrawn],
})
for (const name of readdirSync('dist')) writeFileSync(`dist/${name}`, askForBuiltins(`dist/${name}`))

// The manual page is of the commands as they are: the program that has just been built knows them.
writeFileSync('dist/dyno.1', execFileSync(process.execPath, ['dist/cli.mjs', 'help', '--man']))
copyFileSync('src/cli/library/library-types.ts', 'dist/index.d.ts')
