import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { askForBuiltins, BUNDLE } from './bundle.mjs'
import { nothingDrawn } from './bundle-plugins.mjs'

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
await build(DIST)
// Apart from the program, whose pieces would be more and smaller if they were shared: each costs it a millisecond.
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
