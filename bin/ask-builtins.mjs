import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// The last step of building dist/. An import of a module of Node reads all that the module exports, and some of that
// loads half of Node when it is read: node:fs costs 7 ms that way, node:util 5, and nothing when they are asked for.
for (const name of readdirSync('dist')) {
  const path = `dist/${name}`
  const text = readFileSync(path, 'utf8')
  const asked = text.replaceAll(/^import \{([^}]*)\} from ("node:[^"]+");$/gm, (_, names, module) => {
    return `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule(${module});`
  })
  writeFileSync(path, asked)
}
