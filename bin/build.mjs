import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

// Makes dist/, which is what bin/dyno runs.
rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: [
    ...['node-pty', 'undici', 'selfsigned', 'blessed', '@xterm/headless', '@xterm/addon-unicode11'],
    ...['string-width', 'react-devtools-core'],
  ],
  // Of React what people run, not what its developers debug, though nobody has set NODE_ENV.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  logLevel: 'warning',
})

// An import of a module of Node reads all that the module exports, and some of that loads half of Node when it is read:
// node:fs costs 7 ms that way, node:util 5, and nothing when they are asked for. CommonJS packages ask in the same way.
for (const name of readdirSync('dist')) {
  const path = `dist/${name}`
  const text = readFileSync(path, 'utf8')
  const asked = text
    .replaceAll(/^import \{([^}]*)\} from ("node:[^"]+");$/gm, (_, names, module) => {
      return `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule(${module});`
    })
    .replaceAll(/\b__require\(("[^"]+")\)/g, 'process.getBuiltinModule($1)')
  writeFileSync(path, asked)
}
