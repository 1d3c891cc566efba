import { readFileSync } from 'node:fs'

/** What both builds of dyno share: the files of dist/, and the one file that everything is in. */
export const BUNDLE = {
  entryPoints: { cli: 'src/cli/main.ts' },
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Of React what people run, not what its developers debug, though nobody has set NODE_ENV.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  logLevel: 'warning',
}

/**
 * Asks for modules of Node instead of importing them. An import reads all that a module exports, and some of that loads
 * half of Node when it is read: node:fs costs 7 ms that way, node:util 5, and nothing when they are asked for.
 * CommonJS packages ask in the same way.
 */
export function askForBuiltins(path) {
  return readFileSync(path, 'utf8')
    .replaceAll(/^import \{([^}]*)\} from ("node:[^"]+");$/gm, (_, names, module) => {
      return `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule(${module});`
    })
    .replaceAll(/\b__require\(("[^"]+")\)/g, 'process.getBuiltinModule($1)')
}
