import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { resolve } from 'node:path'

// What packages do that a single file cannot: each of these is one of those things, undone.

/** Modules of Node are asked for when the module that imports them runs, not when the program starts. */
export const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    )
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

/** What is named and never there, or never wanted: ink's for developers, blessed's dead terminals, SSH's RSA and RPC. */
export const nothingDead = {
  name: 'nothing-dead',
  setup(build) {
    build.onResolve(
      { filter: /^(?:react-devtools-core|term\.js|pty\.js|node-rsa|\.\/sshRpcMessageStream)$/ },
      ({ path }) => ({
        path,
        namespace: 'dead',
      }),
    )
    build.onLoad({ filter: /./, namespace: 'dead' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** What the way in imports on demand lies beside it, built apart: `parts` are files by name. */
export const besides = (parts) => ({
  name: 'besides',
  setup(build) {
    const names = new Map(Object.entries(parts).map(([name, path]) => [resolve(path), name]))
    build.onResolve({ filter: /^\.\// }, ({ path, resolveDir, kind }) => {
      const name = kind === 'dynamic-import' && names.get(resolve(resolveDir, path))
      return name ? { path: `./${name}.mjs`, external: true } : undefined
    })
  },
})

/** The library draws nothing: ink and React stay out of it. */
export const nothingDrawn = {
  name: 'nothing-drawn',
  setup(build) {
    build.onResolve({ filter: /\/tui\/inline\.ts$/ }, ({ path }) => ({ path, namespace: 'undrawn' }))
    build.onLoad({ filter: /./, namespace: 'undrawn' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** Of undici the router takes its pool; the rest (fetch, WebSockets, mocks, caches) is half a megabyte. */
export const poolOfUndici = {
  name: 'pool-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'pool' }))
    build.onLoad({ filter: /./, namespace: 'pool' }, () => ({
      contents: `
        Object.assign(require('./node_modules/undici/lib/dispatcher/dispatcher').prototype, require('./node_modules/undici/lib/api'))
        exports.Pool = require('./node_modules/undici/lib/dispatcher/pool')
      `,
      resolveDir: '.',
    }))
  },
}

/** node-pty looks for its addon beside itself; within one file it is an asset of that. */
export const addonOfTheFile = {
  name: 'addon-of-the-file',
  setup(build) {
    build.onLoad({ filter: /node-pty\/lib\/utils\.js$/ }, () => ({
      contents: `
        exports.assign = Object.assign
        exports.loadNativeModule = () => ({ dir: '', module: require('./src/edge/load-addon.ts').loadAddon() })
      `,
      resolveDir: '.',
    }))
  },
}

/** blessed requires its widgets by names that it makes. */
export const widgetsByName = {
  name: 'widgets-by-name',
  setup(build) {
    build.onLoad({ filter: /blessed\/lib\/widget\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const names = [...text.slice(0, text.indexOf('];')).matchAll(/'(\w+)'/g)].map(([, name]) => name)
      const lines = names.map((name) => {
        const file = name.toLowerCase()
        return `exports.${name} = exports.${file} = require('./widgets/${file}')`
      })
      return { contents: lines.join('\n') }
    })
  },
}

/** blessed reads descriptions of terminals from the system or its own folder; the one we ask for comes along. */
export const terminalsWithin = {
  name: 'terminals-within',
  setup(build) {
    build.onLoad({ filter: /blessed\/lib\/tput\.js$/ }, ({ path }) => {
      const description = readFileSync(path.replace('lib/tput.js', 'usr/xterm-256color')).toString('base64')
      const text = readFileSync(path, 'utf8')
      const read = 'data = fs.readFileSync(file);'
      if (!text.includes(read))
        throw new Error('blessed reads terminals in another way now; look at lib/tput.js.')
      const found = `data = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.from(${JSON.stringify(description)}, 'base64');`
      return { contents: text.replace(read, found) }
    })
  },
}
