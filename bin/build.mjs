import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { askForBuiltins, BUNDLE } from './bundle.mjs'

// Makes dist/, which is what bin/dyno runs.
rmSync('dist', { recursive: true, force: true })
await build({
  ...BUNDLE,
  outdir: 'dist',
  splitting: true,
  external: [
    ...['node-pty', 'undici', 'selfsigned', 'blessed', '@xterm/headless', '@xterm/addon-unicode11'],
    ...['string-width', 'react-devtools-core'],
  ],
})
for (const name of readdirSync('dist')) writeFileSync(`dist/${name}`, askForBuiltins(`dist/${name}`))
