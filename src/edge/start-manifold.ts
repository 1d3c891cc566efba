import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../core/problem.ts'

/** How long a manifold may take to start, in milliseconds. */
export const START_TIMEOUT = 30_000

/** Log lines are short-lived strings: four times this, Node's own choice, is 40 MB more and no faster. */
const YOUNG = '--max-semi-space-size=8'

/**
 * Starts the manifold in the background, in a session of its own, and waits until it is `ready` to be dialled. The app's
 * lock is `taken` where two were started at once, or where another is still starting or about to leave.
 */
export async function startManifold(args: readonly string[]): Promise<'ready' | 'taken'> {
  const { spawn } = process.getBuiltinModule('node:child_process') // 7 ms, and mostly there is a manifold
  const child = spawn(process.execPath, [...ourselves(), '__manifold', ...args], {
    detached: true,
    cwd: '/',
    env: keptEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let timer: NodeJS.Timeout | undefined
  const words = await new Promise<string>((resolve, reject) => {
    let text = ''
    timer = setTimeout(() => reject(new Problem('manifold', SLOW)), START_TIMEOUT)
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (chunk: string) => {
      text += chunk
      if (text.endsWith('\n')) resolve(text.trim())
    })
    child.once('error', ({ message }) => reject(new Problem('manifold', cannotStart(message))))
    child.once('close', () => resolve(text.trim()))
  }).finally(() => clearTimeout(timer)) // it would keep a program alive that has us as its library
  child.stdout.destroy()
  child.unref()
  if (words === 'ready' || words === 'taken') return words
  throw new Problem('manifold', words || 'The manifold ended while starting; run the command again.')
}

// The single binary is its own program, and has its flags within. What is built lies in one folder, whoever's program
// has loaded it from there; from source it is the program that runs.
function ourselves(): string[] {
  if (process.getBuiltinModule('node:sea').isSea()) return []
  const built = join(import.meta.dirname, 'cli.mjs')
  return [YOUNG, existsSync(built) ? built : process.argv[1]!]
}

/** What is said of one that takes longer. */
export const SLOW =
  'The manifold did not start within 30 seconds; is this machine out of memory? Run the command again.'

function cannotStart(message: string): string {
  return `The manifold cannot be started (${message}); end some programs, or allow yourself more with 'ulimit -u'.`
}

// The manifold serves whoever comes: nothing of one caller's shell stays in it but where its files are.
function keptEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'TMPDIR']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
